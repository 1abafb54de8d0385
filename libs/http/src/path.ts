/**
 * The path of a request target, percent-decoded segment by segment but for encoded slashes, and where the client is sent
 * when the path has empty or dot segments (`//`, `/./`, `/../`).
 */
export function readPath(target: string): { path: string; redirect?: string } {
  const raw = target.split("?", 1)[0]!;
  const cleaned = cleanPath(raw);
  if (cleaned !== raw) return { path: raw, redirect: cleaned + target.slice(raw.length) };
  return { path: raw.includes("%") ? raw.split("/").map(canonicalSegment).join("/") : raw };
}

function cleanPath(path: string): string {
  if (!path.includes("//") && !/\/\.{1,2}(\/|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const slash = path.endsWith("/") && kept.length > 0 ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}

/** One spelling for one segment: `%71uery` is `query`, `a%2fb` is `a%2Fb`. */
function canonicalSegment(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return segment.replaceAll("%", "%25");
  }
}

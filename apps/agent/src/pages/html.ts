const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char]!);

const usualLinks = ["targets", "service-discovery", "config", "metrics"];

/** A page with a heading and links to the others. */
export const page = (title: string, body: string, links: readonly string[] = usualLinks): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>
body{font:14px/1.5 system-ui,sans-serif;margin:2em}table{border-collapse:collapse;width:100%;margin-bottom:2em}
th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}nav a{margin-right:1em}
</style></head><body><nav>${links.map((link) => `<a href="${link}">${link}</a>`).join("")}</nav>
<h1>${title}</h1>${body}</body></html>`;

export const labelsHtml = (labels: ReadonlyMap<string, string>): string =>
  [...labels].map(([name, value]) => `<code>${escapeHtml(`${name}="${value}"`)}</code>`).join(" ");

export const row = (...cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;

export const table = (heads: readonly string[], rows: readonly string[]): string =>
  `<table><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr>${rows.join("")}</table>`;

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Advisory {
  readonly url: string;
  readonly title: string;
  readonly severity: string;
}

interface Report {
  readonly vulnerabilities: Readonly<Record<string, { readonly via: readonly (Advisory | string)[] }>>;
}

interface Allowed {
  readonly advisory: string;
  readonly package: string;
  readonly reason: string;
  /** The day from which it is a failure again. */
  readonly until: string;
}

/** What is known against the packages that we run, without what tools/audit-allowed.json gives a reason for until a day. */
export function findings(report: Report, allowed: readonly Allowed[], today: string): string[] {
  return Object.entries(report.vulnerabilities).flatMap(([name, { via }]) =>
    via
      .filter((advisory) => typeof advisory !== "string")
      .filter(
        ({ url }) => !allowed.some((one) => one.package === name && url.endsWith(one.advisory) && today < one.until),
      )
      .map(({ severity, title, url }) => `${name}: ${severity}: ${title} (${url})`),
  );
}

/** The exit code of what could not be done here. */
const notDone = 75;

/** Asks the registry about the packages that the program runs; the exit code. */
function audit(): number {
  const { stdout, stderr } = spawnSync("npm", ["audit", "--json", "--omit=dev"], { encoding: "utf8", shell: false });
  const report = parsed(stdout);
  if (report === undefined) {
    console.log(stderr.trim().split("\n", 1)[0]);
    console.log("WARNING: the registry answers no audits here: dependencies were NOT checked for known weaknesses.");
    return notDone;
  }
  const allowed = JSON.parse(readFileSync(new URL("audit-allowed.json", import.meta.url), "utf8")) as Allowed[];
  const found = findings(report, allowed, new Date().toISOString().slice(0, 10));
  for (const line of found) console.log(line);
  console.log(`${found.length} known weaknesses in packages that are run, ${allowed.length} allowed for a reason`);
  return found.length === 0 ? 0 : 1;
}

/** Undefined where npm could not ask. */
function parsed(text: string): Report | undefined {
  try {
    const report = JSON.parse(text) as Partial<Report>;
    return report.vulnerabilities === undefined ? undefined : (report as Report);
  } catch {
    return undefined;
  }
}

if (import.meta.main) process.exitCode = audit();

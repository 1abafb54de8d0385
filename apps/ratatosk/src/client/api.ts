import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { parseMoment } from "./time.ts";

/** What the options of a client command say. */
export interface ClientOptions {
  readonly url: string;
  readonly tenant?: string;
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  /** A file of authorities to believe besides the usual ones, PEM. */
  readonly caCert?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly step?: string;
  readonly forward?: boolean;
  readonly instant?: boolean;
  readonly output?: "default" | "raw" | "jsonl";
  readonly follow?: boolean;
  readonly stats?: boolean;
  readonly color?: "auto" | "always" | "never";
  readonly timezone?: "local" | "utc";
}

/** Asks a path of the server, e.g. `/loki/api/v1/labels`. Throws with the server's text when it refuses. */
export async function ask(
  options: ClientOptions,
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, value);
  const response = await send(options, `${path}?${search.toString()}`, { headers: headersOf(options) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${body.trim()}`);
  const { data, warnings = [] } = JSON.parse(body) as { data: unknown; warnings?: string[] };
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return data;
}

/** `fetch` with an error that says which server did not answer. */
export async function send(options: ClientOptions, path: string, init: RequestInit): Promise<Response> {
  believe(options);
  const url = `${options.url.replace(/\/$/, "")}${path}`;
  try {
    return await fetch(url, init);
  } catch (cause) {
    const reason = (cause as Error).cause instanceof Error ? ((cause as Error).cause as Error).message : String(cause);
    throw new Error(`${options.url} does not answer: ${reason}`, { cause });
  }
}

let believed: string | undefined;

/** Lets connections of this process believe the authorities that the options name. */
export function believe({ caCert }: ClientOptions): void {
  if (caCert === undefined || caCert === believed) return;
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(caCert, "utf8")]);
  believed = caCert;
}

/** The range that `--since`, `--from` and `--to` say, in the API's words. */
export function rangeOf({ since, from, to }: ClientOptions): Record<string, string | undefined> {
  return {
    start: from === undefined ? undefined : String(parseMoment(from, "--from")),
    end: to === undefined ? undefined : String(parseMoment(to, "--to")),
    since: from === undefined ? since : undefined,
  };
}

/** Who asks. */
export function headersOf({ tenant, username, password, bearerToken }: ClientOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (tenant !== undefined) headers["X-Scope-OrgID"] = tenant;
  if (username !== undefined)
    headers["Authorization"] = `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
  if (bearerToken !== undefined) headers["Authorization"] = `Bearer ${bearerToken}`;
  return headers;
}

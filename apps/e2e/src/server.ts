import { freePort } from "./free-port.ts";
import { RatatoskProcess } from "./process.ts";

export interface ServerOptions {
  readonly folder: string;
  readonly flags?: readonly string[];
  readonly role?: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server process on a free port, quiet, keeping its data in its folder; not yet started. */
export async function serverProcess({
  folder,
  flags = [],
  role = "all",
  name = role,
  env = {},
}: ServerOptions): Promise<RatatoskProcess> {
  const port = await freePort();
  const args = [role, `--server.http_listen_port=${port}`, "--server.log_level=warn", ...flags];
  return new RatatoskProcess({ args, folder, name, url: `http://127.0.0.1:${port}`, env });
}

import { HttpServer } from "@ratatosk/http";
import { believe, type ClientOptions } from "../client/api.ts";
import { explorePage } from "../explore-page.ts";
import { endSoon, untilSignal } from "../until-signal.ts";
import { forwardRoutes } from "./forward.ts";

export interface ExploreOptions extends ClientOptions {
  readonly listen: string;
}

const graceMs = 1000;

/** `ratatosk explore`: serves the Explore page, which shows the logs of any server that speaks Loki's API. */
export async function runExplore(options: ExploreOptions): Promise<number> {
  const url = URL.parse(options.url);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`--url ${options.url} is no http address`);
  believe(options);
  const { host, port } = listenAddress(options.listen);
  const signal = untilSignal();
  const http = new HttpServer({
    routes: [...explorePage(), ...forwardRoutes({ options, host })],
    authEnabled: false,
    multiTenantQueries: false,
    onError: (error) => process.stderr.write(`ratatosk: ${error.message}\n`),
  });
  const address = await http.listen(port, host);
  const shown = host.includes(":") ? `[${host}]` : host;
  process.stdout.write(`http://${shown}:${address.port}/ui/ shows ${url.origin}${url.pathname.replace(/\/$/, "")}\n`);
  await signal;
  await http.close(graceMs);
  endSoon();
  return 0;
}

/** `3101`, `:3101`, `127.0.0.1:3101`, `[::1]:3101`: without a host, of this machine alone. */
export function listenAddress(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const isGood = port !== undefined && Number(port) < 65_536;
  if (!isGood) throw new Error(`--listen ${text}: expected HOST:PORT`);
  return { host: bracketed ?? (plain || "127.0.0.1"), port: Number(port) };
}

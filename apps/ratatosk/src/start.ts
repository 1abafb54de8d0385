import type { Config } from "./config.ts";
import { startServer } from "./server.ts";
import { untilSignal } from "./until-signal.ts";

/** `npm start`: every role over a directory. */
export async function runStart(config: Config): Promise<number> {
  const signal = untilSignal();
  const { log, url, stop } = await startServer("all", config);
  process.stdout.write(greeting(config, url));
  log.info({ signal: await signal }, "stopping");
  await stop();
  return 0;
}

function greeting(config: Config, url: string): string {
  return `
  Ratatosk is running.

    stores in   ${config.storage.s3 ? `${config.storage.s3.endpoint}/${config.storage.s3.bucket}` : config.storage.filesystem.directory}
    Grafana     add a data source of type Loki with the URL ${url}

  Ctrl+C stops it.
`;
}

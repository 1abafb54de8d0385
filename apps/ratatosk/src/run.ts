import type { Config } from "./config.ts";
import type { Role } from "./roles.ts";
import { startServer } from "./server.ts";
import { endSoon, untilSignal } from "./until-signal.ts";

/** Runs a server process until a signal ends it; its exit code. `defaults` is what holds where the configuration says nothing. */
export async function runRole(role: Role, config: Config, defaults: Config): Promise<number> {
  const signal = untilSignal();
  const { log, stop } = await startServer(role, config, defaults);
  log.info({ role }, "ready");
  log.info({ signal: await signal }, "stopping");
  await stop();
  log.info("stopped");
  endSoon();
  return 0;
}

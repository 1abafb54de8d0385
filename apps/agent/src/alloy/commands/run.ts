import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { listenerTls } from "../../pages/listener-tls.ts";
import { PageServer } from "../../pages/page-server.ts";
import { lockState, type State } from "../../state-lock.ts";
import { AlloyAgent } from "../alloy-agent.ts";
import { type HttpSettings, listenerTlsOf, mayAsk } from "../http-settings.ts";
import { alloyRoutes } from "../pages/routes.ts";
import { configReader, formatFlags } from "./config-reader.ts";
import { FlagError, onlyArgument, parseFlags } from "./flags.ts";

const known = {
  "server.http.listen-addr": "text",
  "server.http.ui-path-prefix": "text",
  "server.http.enable-pprof": "switch",
  "storage.path": "text",
  ...formatFlags,
  "stability.level": "text",
  "disable-reporting": "switch",
  "feature.component-shutdown-deadline": "text",
} as const;

/** `run [flags] PATH`: runs a configuration until a signal; SIGHUP reads it again. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, known, {}, [
    "cluster.",
    "server.http.memory",
    "feature.prometheus",
    "feature.community",
  ]);
  const path = onlyArgument(flags, "the configuration");
  const storagePath = flags.texts.get("storage.path") ?? "data-alloy/";
  mkdirSync(storagePath, { recursive: true });
  const log = createLogger("info");
  let http: HttpSettings | undefined;
  const agent = new AlloyAgent({
    log,
    storagePath,
    isExperimental: flags.texts.get("stability.level") === "experimental",
    path,
    read: await configReader(path, flags),
    onLogging: ({ level }) => {
      log.level = level;
    },
    onHttp: (args) => {
      http = args;
    },
  });
  agent.load();
  agent.check();
  const [host, port] = addressOf(flags.texts.get("server.http.listen-addr") ?? "127.0.0.1:12345");
  const routes = alloyRoutes(agent, flags.texts.get("server.http.ui-path-prefix") ?? "/");
  const pages = new PageServer(routes, {
    tls: await listenerTls(listenerTlsOf(http?.tls), log),
    mayAsk: (asked, authorization) => http === undefined || mayAsk(http, asked, authorization),
  });
  const signalled = untilSignal(() => {
    agent.reload().catch((error: unknown) => log.error({ err: error }, "cannot reload the configuration"));
  });
  const lock = await lockState(stateIn(storagePath), log);
  try {
    await pages.listen(port, host);
    await agent.start();
    log.info({ host, port }, "now listening for http traffic");
    await signalled;
    await agent.stop();
    return 0;
  } finally {
    await pages.close(500);
    await lock?.release();
  }
}

const stateIn = (storagePath: string): State => ({
  path: storagePath,
  lock: join(storagePath, "agent.lock"),
  instead: "give this one a directory of its own with --storage.path",
});

function addressOf(text: string): [host: string, port: number] {
  const [, host, port] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (port === undefined) throw new FlagError(`invalid listen address ${JSON.stringify(text)}`);
  return [host === "" ? "0.0.0.0" : host!.replace(/^\[(.*)\]$/, "$1"), Number(port)];
}

function untilSignal(onHangup: () => void): Promise<void> {
  process.on("SIGHUP", onHangup);
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}

import { mkdirSync } from "node:fs";
import { createLogger } from "@ratatosk/observability";
import { PageServer } from "../../pages/page-server.ts";
import { AlloyAgent } from "../alloy-agent.ts";
import { convertPromtail } from "../convert/convert.ts";
import { readModules } from "../graph/import-node.ts";
import { alloyRoutes } from "../pages/routes.ts";
import { FlagError, onlyArgument, parseFlags } from "./flags.ts";

const known = {
  "server.http.listen-addr": "text",
  "server.http.ui-path-prefix": "text",
  "server.http.enable-pprof": "switch",
  "storage.path": "text",
  "config.format": "text",
  "config.bypass-conversion-errors": "switch",
  "config.extra-args": "text",
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
  const agent = new AlloyAgent({
    log,
    storagePath,
    isExperimental: flags.texts.get("stability.level") === "experimental",
    path,
    read: reader(
      path,
      flags.texts.get("config.format") ?? "alloy",
      flags.switches.has("config.bypass-conversion-errors"),
    ),
    onLogging: ({ level }) => {
      log.level = level;
    },
  });
  agent.load();
  agent.check();
  const [host, port] = addressOf(flags.texts.get("server.http.listen-addr") ?? "127.0.0.1:12345");
  const routes = alloyRoutes(agent, flags.texts.get("server.http.ui-path-prefix") ?? "/");
  const http = new PageServer(routes);
  const signalled = untilSignal(() => {
    agent.reload().catch((error: unknown) => log.error({ err: error }, "cannot reload the configuration"));
  });
  await http.listen(port, host);
  await agent.start();
  log.info({ host, port }, "now listening for http traffic");
  await signalled;
  await agent.stop();
  await http.close(500);
  return 0;
}

/** The configuration's text, converted first where it is Promtail's. */
function reader(path: string, format: string, bypass: boolean): () => { name: string; text: string }[] {
  if (format === "alloy") return () => readModules(path);
  if (format !== "promtail") throw new FlagError(`unsupported config format ${JSON.stringify(format)}`);
  return () =>
    readModules(path).map(({ name, text }) => {
      const { output, problems } = convertPromtail(text, name);
      const errors = problems.filter(({ severity }) => severity === "Error" || severity === "Critical");
      const isFatal = errors.some(({ severity }) => severity === "Critical") || !bypass;
      if (errors.length > 0 && isFatal) throw new FlagError(errors.map(({ message }) => message).join("\n"));
      return { name, text: output };
    });
}

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

import type { ClientOptions } from "../client/api.ts";
import { printAll } from "../client/print.ts";
import type { Config } from "../config.ts";
import { type ConfigFlags, readConfigFile } from "../read-config.ts";
import { checkAgent } from "./agent-check.ts";
import { checkDirectory, checkFile } from "./disk-check.ts";
import { examine, type Finding } from "./finding.ts";
import { checkServer } from "./server-check.ts";
import { checkOldBucket, checkStore } from "./store-check.ts";

export interface DoctorOptions extends ClientOptions {
  readonly agent: readonly string[];
}

const signs = { ok: "ok      ", warning: "warning ", problem: "PROBLEM " };

/** `ratatosk doctor`: checks a configuration and a running system, and says what to do. 1 where there is a problem. */
export async function runDoctor(flags: ConfigFlags, options: DoctorOptions): Promise<number> {
  const findings = [...(await checkConfig(flags)), ...(await checkServer(options))];
  for (const url of options.agent) findings.push(...(await checkAgent(url)));
  await printAll(findings.flatMap(describe));
  return findings.some(({ state }) => state === "problem") ? 1 : 0;
}

function describe({ state, about, what, advice }: Finding): string[] {
  return [
    `${signs[state]} ${about.padEnd(12)} ${what}`,
    ...(advice === undefined ? [] : [`${" ".repeat(22)}→ ${advice}`]),
  ];
}

async function checkConfig(flags: ConfigFlags): Promise<Finding[]> {
  if (flags.file === undefined && flags.settings.size === 0) return [];
  const about = "config";
  return examine(about, "correct it; ratatosk all --help lists every setting", async () => {
    const { config, translation, path } = readConfigFile(flags);
    const ignored = translation?.ignored ?? [];
    return [
      { state: "ok", about, what: `${path ?? "command line"} is valid` },
      ...(ignored.length === 0
        ? []
        : [
            {
              state: "warning",
              about,
              what: `without meaning here: ${ignored.join(", ")}`,
              advice: "ratatosk config migrate",
            } as const,
          ]),
      ...(await checkPlaces(config)),
    ];
  });
}

async function checkPlaces({ storage, store, ingester, ruler, runtime_config: runtime }: Config): Promise<Finding[]> {
  const directories: [path: string, use: string][] = [
    [ingester.wal.dir, "ingester.wal.dir"],
    ...(storage.s3 ? [] : [[storage.filesystem.directory, "storage.filesystem"] as [string, string]]),
    ...(storage.s3 && store.cache_directory !== ""
      ? [[store.cache_directory, "store.cache_directory"] as [string, string]]
      : []),
    ...storage.loki_buckets.map((bucket): [string, string] => [bucket.cache_directory, "cache of an old bucket"]),
  ];
  const files: [path: string, use: string][] = [
    [ruler.rule_directory, "ruler.rule_directory"],
    ...runtime.file.split(",").map((file): [string, string] => [file.trim(), "runtime_config.file"]),
  ];
  const checks = [
    checkStore(storage),
    ...storage.loki_buckets.map(checkOldBucket),
    ...directories.map(([path, use]) => checkDirectory(path, use)),
    ...files.filter(([path]) => path !== "").map(([path, use]) => checkFile(path, use)),
  ];
  return (await Promise.all(checks)).flat();
}

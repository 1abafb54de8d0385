import { ConfigError } from "@ratatosk/config";
import { stringify } from "yaml";
import { printAll } from "../client/print.ts";
import { type ConfigFlags, readConfigFile } from "../read-config.ts";

/** `ratatosk config migrate`: prints Loki's configuration in our words. Throws ConfigError where it is not Loki's. */
export async function runMigrate(flags: ConfigFlags): Promise<number> {
  const { translation, path } = readConfigFile(flags);
  if (translation === undefined)
    throw new ConfigError(path === undefined ? "--config.file is missing" : `${path}: is no configuration of Loki's`);
  const { config, ignored } = translation;
  await printAll([
    `# From ${path}, whose schema_config is read for the old chunks (storage.loki_buckets).`,
    ...(ignored.length > 0 ? ["# Without meaning here, left out:", ...ignored.map((name) => `#   ${name}`)] : []),
    stringify(config, { lineWidth: 0 }).trimEnd(),
  ]);
  return 0;
}

import { existsSync, readFileSync } from "node:fs";
import { ConfigError, expandEnv, loadConfig } from "@ratatosk/config";
import { Config } from "./config.ts";
import { isLokiConfig, lokiDefaults, translateLoki, type Translation } from "./loki-config/translate.ts";

export interface ConfigFlags {
  /** Files, comma-separated; the first that exists is read. */
  readonly file: string | undefined;
  readonly expandEnv: boolean;
  /** Settings of the command line by their path. */
  readonly settings: ReadonlyMap<string, string>;
}

/** A configuration, and how its file reads in our words where Loki wrote it. */
export interface ReadConfig {
  readonly config: Config;
  /** What holds where the file says nothing. */
  readonly defaults: Config;
  readonly translation: Translation | undefined;
  /** The file that was read. */
  readonly path: string | undefined;
}

/**
 * The configuration of a server from its file and its flags. The file may be Loki's: what has no meaning here is named in
 * one warning on standard error. Throws ConfigError.
 */
export function readConfig(flags: ConfigFlags): ReadConfig {
  const read = readConfigFile(flags);
  const { translation, path } = read;
  if (translation !== undefined && translation.ignored.length > 0)
    process.stderr.write(
      `ratatosk: ${path}: these settings of Loki have no meaning here: ${translation.ignored.join(", ")}\n`,
    );
  return translation === undefined ? read : { ...read, config: withoutMissing(read.config) };
}

/** The same, silently. */
export function readConfigFile({ file, expandEnv: expands, settings }: ConfigFlags): ReadConfig {
  const path = file === undefined ? undefined : firstThatExists(file);
  const text = path === undefined ? "" : readText(path);
  let translation: Translation | undefined;
  const translate = (value: unknown): unknown => {
    if (path === undefined || !isLokiConfig(value)) return value;
    translation = translateLoki(value, path);
    return translation.config;
  };
  const expanded = expands ? expandEnv(text, process.env) : text;
  const config = loadConfig(Config, { text: expanded, file: path ?? "command line", flags: settings, translate });
  const defaults = Config.parse(translation === undefined ? {} : lokiDefaults);
  return { config, defaults, translation, path };
}

/** Loki makes its directory when it starts: where it never did there is nothing old. */
function withoutMissing(config: Config): Config {
  const { loki_buckets: old } = config.storage;
  const there = old.filter(({ s3, filesystem }) => s3 !== undefined || existsSync(filesystem.directory));
  return { ...config, storage: { ...config.storage, loki_buckets: there } };
}

function firstThatExists(list: string): string {
  const files = list.split(",").map((file) => file.trim());
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

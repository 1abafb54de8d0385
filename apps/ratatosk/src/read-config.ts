import { existsSync, readFileSync } from "node:fs";
import { ConfigError, expandEnv, loadConfig } from "@ratatosk/config";
import { Config } from "./config.ts";

export interface ConfigFlags {
  /** Files, comma-separated; the first that exists is read. */
  readonly file: string | undefined;
  readonly expandEnv: boolean;
  /** Settings of the command line by their path. */
  readonly settings: ReadonlyMap<string, string>;
}

/** The configuration of a server from its file and its flags. Throws ConfigError. */
export function readConfig({ file, expandEnv: expands, settings }: ConfigFlags): Config {
  const path = file === undefined ? undefined : firstThatExists(file);
  const text = path === undefined ? "" : readText(path);
  const expanded = expands ? expandEnv(text, process.env) : text;
  return loadConfig(Config, { text: expanded, file: path ?? "command line", flags: settings });
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

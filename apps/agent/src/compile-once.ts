import { globSync } from "node:fs";
import { flushCompileCache, getCompileCacheDir } from "node:module";
import { join } from "node:path";

const doneVariable = "RATATOSK_COMPILED";
const stripper = "NativeModule internal/deps/amaro/dist/index";

/**
 * A process that had to strip types from its sources compiles all of them and begins anew with what it has compiled: what
 * strips them takes 15 MiB that are never given back. Does nothing where everything was compiled before or cannot be kept.
 */
export async function beginAnewOnceCompiled(): Promise<void> {
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  const isCold = moduleLoadList.includes(stripper);
  if (!isCold || process.env[doneVariable] !== undefined || getCompileCacheDir() === undefined) return;
  for (const path of globSync("**/*.ts", { cwd: import.meta.dirname, exclude: isNoPart }))
    await import(join(import.meta.dirname, path));
  flushCompileCache();
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, args, { ...process.env, [doneVariable]: "1" });
}

/** Tests, and the program that would run. */
const isNoPart = (path: string): boolean => /(?:\.(?:test|bench)\.ts|^main\.ts|^testing)$/.test(path);

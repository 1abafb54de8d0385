import { globSync } from "node:fs";
import { flushCompileCache, getCompileCacheDir } from "node:module";
import { join } from "node:path";

const doneVariable = "RATATOSK_COMPILED";
const stripper = "NativeModule internal/deps/amaro/dist/index";

/** Compiles what is loaded only where it is asked for, too: for an installation, and for an image whose files cannot be written. */
export async function compileAll(): Promise<void> {
  for (const path of globSync("**/*.ts", { cwd: import.meta.dirname, exclude: isNoPart }))
    await import(join(import.meta.dirname, path));
}

/**
 * A process that had to strip types from its sources begins anew with what it has compiled: what strips them takes 15 MiB
 * that are never given back. Does nothing where everything was compiled before or cannot be kept.
 */
export function beginAnewOnceCompiled(): void {
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  const isCold = moduleLoadList.includes(stripper);
  if (!isCold || process.env[doneVariable] !== undefined || getCompileCacheDir() === undefined) return;
  flushCompileCache();
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, args, { ...process.env, [doneVariable]: "1" });
}

/** Tests, and the program that would run. */
const isNoPart = (path: string): boolean => /(?:\.(?:test|bench)\.ts|^main\.ts|^testing)$/.test(path);

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const assembly = join(import.meta.dirname, "../../assembly/index.ts");
const options = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--enable",
  "relaxed-simd",
  "--initialMemory",
  "4",
];

/** The WebAssembly module that the source in `assembly/` gives. */
export async function compile(): Promise<Buffer> {
  const asc = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
  const dir = await mkdtemp(join(tmpdir(), "kernels-"));
  try {
    const out = join(dir, "kernels.wasm");
    await promisify(execFile)(process.execPath, [asc, assembly, ...options, "--outFile", out], { cwd: dir });
    return await readFile(out);
  } finally {
    await rm(dir, { recursive: true });
  }
}

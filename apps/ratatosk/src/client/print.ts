import { once } from "node:events";

/** Writes lines to standard output at the pace of whoever reads it. */
export async function printAll(lines: Iterable<string>): Promise<void> {
  for (const line of lines) if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
}

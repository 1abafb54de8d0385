import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { lineOf, nanosOf, type EncodedEntry } from "./push-request.ts";

const maxFileBytes = 64 * 1024 * 1024;

/**
 * The file of entries that a server refuses for good, a JSON object a line: time of refusal, status and text of the answer, tenant,
 * labels, timestamp (ns) and line (`line_base64` where it is no UTF-8). At 64 MiB it is renamed to `.1`, which it replaces.
 */
export class DeadLetters {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async add(tenant: string, status: number, reason: string, entries: readonly EncodedEntry[]): Promise<void> {
    const refused = new Date().toISOString();
    const rows = entries.map((entry) => {
      const line = lineOf(entry);
      const text = line.toString();
      const shown = Buffer.from(text).equals(line) ? { line: text } : { line_base64: line.toString("base64") };
      const head = { refused, status, reason, tenant, labels: entry.labels, timestamp: String(nanosOf(entry)) };
      return `${JSON.stringify({ ...head, ...shown })}\n`;
    });
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > maxFileBytes) await rename(this.path, `${this.path}.1`);
    await appendFile(this.path, rows.join(""), { mode: 0o600 });
  }
}

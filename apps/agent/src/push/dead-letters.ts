import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

const maxFileBytes = 64 * 1024 * 1024;

/** Why a server has refused something. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly tenant?: string;
}

/**
 * The file of what a server refuses for good, a JSON object a line: time of refusal, status and text of the answer, then the
 * letter's own fields. At 64 MiB it is renamed to `.1`, which it replaces.
 */
export class DeadLetters {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Throws the disk's error. */
  async add(refusal: Refusal, letters: readonly object[]): Promise<void> {
    const refused = new Date().toISOString();
    const rows = letters.map((letter) => `${JSON.stringify({ refused, ...refusal, ...letter })}\n`);
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > maxFileBytes) await rename(this.path, `${this.path}.1`);
    await appendFile(this.path, rows.join(""), { mode: 0o600 });
  }
}

import { readFile, rename, rm, writeFile } from "node:fs/promises";

/** How far an export is. */
export interface CursorState {
  readonly query: string;
  readonly format: string;
  /** Unix nanoseconds: `start` inclusive, `end` exclusive. */
  readonly start: bigint;
  readonly end: bigint;
  /** What lies before is written. */
  at: bigint;
  /** Lines of the time `at` that are written too. */
  seen: string[];
  lines: number;
  /** Size of the file so far. */
  bytes: number;
}

const times = new Set(["start", "end", "at"]);

/** The state of an export in a file, replaced as a whole. */
export class Cursor {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none. Throws when it belongs to another export. */
  async read(expected: { query: string; format: string }): Promise<CursorState | undefined> {
    const text = await readFile(this.#path, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const state = JSON.parse(text, (key, value: unknown) =>
      times.has(key) ? BigInt(value as string) : value,
    ) as CursorState;
    for (const key of ["query", "format"] as const)
      if (state[key] !== expected[key])
        throw new Error(
          `${this.#path} belongs to an export of ${state.query} as ${state.format}: remove it to begin anew`,
        );
    return state;
  }

  async write(state: CursorState): Promise<void> {
    const text = JSON.stringify(state, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    await writeFile(`${this.#path}.part`, text, { flush: true });
    await rename(`${this.#path}.part`, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

import { readFile } from "node:fs/promises";
import { writeDurably } from "@ratatosk/disk-queue";
import { branchKey, type Mark } from "../origin.ts";
import type { RecordHead } from "./record-head.ts";

/** A mark with the number of the record that made it. */
export type KeptMark = Mark & Pick<RecordHead, "cut">;

const maxMarks = 10_000;

/**
 * The latest marks that say what a consumer has beyond a saved position. They are kept in a file beside the queue once the
 * records that made them are removed.
 */
export class KeptMarks {
  readonly #path: string | undefined;
  readonly #marks = new Map<string, KeptMark>();
  #isSaved = true;

  constructor(path?: string, marks: Iterable<KeptMark> = []) {
    this.#path = path;
    for (const mark of marks) this.#note(mark);
  }

  /** A record is durable. */
  note({ cut, marks }: Pick<RecordHead, "cut" | "marks">): void {
    for (const mark of marks) this.#note({ ...mark, cut });
  }

  /** Writes them, if they are others than those written. */
  async save(): Promise<void> {
    if (this.#isSaved || this.#path === undefined) return;
    this.#isSaved = true;
    await writeDurably(this.#path, JSON.stringify([...this.#marks.values()])).catch((error: unknown) => {
      this.#isSaved = false;
      throw error;
    });
  }

  #note(mark: KeptMark): void {
    const key = branchKey(mark);
    const isKnown = this.#marks.delete(key);
    if (mark.ahead) this.#marks.set(key, mark);
    if (this.#marks.size > maxMarks) this.#marks.delete(this.#marks.keys().next().value!);
    this.#isSaved &&= !isKnown && mark.ahead === undefined;
  }
}

/** The marks in a file; none where it is damaged or missing. */
export async function readMarks(path: string): Promise<KeptMark[]> {
  try {
    const marks: unknown = JSON.parse(await readFile(path, "utf8"));
    return Array.isArray(marks) ? (marks as KeptMark[]) : [];
  } catch {
    return [];
  }
}

import { hash } from "node:crypto";
import { type BatchStream, takeRows } from "@ratatosk/chunk";
import { lineOf, metadataOf, timeOf } from "@ratatosk/model";

const mostRemembered = 50_000;

/** Lets each entry pass once, whichever ingesters send it; remembers the last 50,000. */
export class ReplicaFilter {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** The entries that have not passed yet; undefined if all have. */
  pass({ labels, block }: BatchStream): BatchStream | undefined {
    const fresh = Uint32Array.from(Array(block.count).keys()).filter((row) =>
      this.#isNew(identity(labels, block, row)),
    );
    if (fresh.length === 0) return undefined;
    return { labels, block: fresh.length === block.count ? block : takeRows(block, fresh) };
  }

  #isNew(key: string): boolean {
    if (this.#recent.has(key) || this.#older.has(key)) return false;
    if (this.#recent.size >= mostRemembered / 2) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(key);
    return true;
  }
}

function identity(labels: string, block: BatchStream["block"], row: number): string {
  const line = Buffer.from(lineOf(block, row)).toString("latin1");
  return hash("sha1", JSON.stringify([labels, String(timeOf(block, row)), line, metadataOf(block, row)]), "base64");
}

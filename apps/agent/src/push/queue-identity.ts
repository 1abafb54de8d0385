import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@ratatosk/disk-queue";

export const newIdentity = (): string => randomBytes(8).toString("hex");

/** The name under which a queue's batches are known to the server, as old as the queue. */
export class QueueIdentity {
  readonly id: string;
  readonly #path: string;
  #saving: Promise<void> | undefined;

  private constructor(path: string, known: string) {
    const isKnown = /^[0-9a-f]{16}$/.test(known);
    this.#path = path;
    this.id = isKnown ? known : newIdentity();
    if (isKnown) this.#saving = Promise.resolve();
  }

  /** The one in a queue's directory; a new one begins to be written, whoever opens the queue does not wait for that. */
  static async in(directory: string): Promise<QueueIdentity> {
    const path = join(directory, "id");
    const identity = new QueueIdentity(path, (await readFile(path, "utf8").catch(() => "")).trim());
    identity.saved().catch(() => undefined);
    return identity;
  }

  /** Resolves once it is durable, as it must be before a batch is. Throws the disk's error; asked again it tries again. */
  saved(): Promise<void> {
    return (this.#saving ??= writeDurably(this.#path, `${this.id}\n`).catch((error: unknown) => {
      this.#saving = undefined;
      throw error;
    }));
  }
}

import { RatatoskError } from "@ratatosk/model";

/** Distinct messages, and their bytes, that an answer repeats. */
const maxMessages = 100;
const maxMessageBytes = 64 * 1024;

/** Why a stream or an entry is not taken: the value of the label `reason` and Loki's text. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

export interface RefusedCount {
  entries: number;
  bytes: number;
}

/** What a push was refused, gathered for the answer and for the metrics. */
export class Refusals {
  readonly #messages = new Map<string, number>();
  #messageBytes = 0;
  #unnamed = 0;
  readonly counts = new Map<string, RefusedCount>();

  /** Whether there is something to tell the client. */
  get any(): boolean {
    return this.#messages.size > 0;
  }

  /** Counts entries as refused. `message` is only called while the answer has room for more. */
  add(reason: string, message: () => string, entries: number, bytes: number): void {
    this.count(reason, entries, bytes);
    if (this.#messages.size >= maxMessages || this.#messageBytes >= maxMessageBytes) {
      this.#unnamed++;
      return;
    }
    const text = message();
    const seen = this.#messages.get(text);
    if (seen === undefined) this.#messageBytes += text.length;
    this.#messages.set(text, (seen ?? 0) + 1);
  }

  /** Counts entries as refused of which the answer does not speak here. */
  count(reason: string, entries: number, bytes: number): void {
    const counted = this.counts.get(reason);
    if (counted === undefined) this.counts.set(reason, { entries, bytes });
    else {
      counted.entries += entries;
      counted.bytes += bytes;
    }
  }

  /** The answer: the message alone where there is but one, else each with how often it came. */
  error(): RatatoskError {
    const messages = [...this.#messages];
    if (messages.length === 1 && messages[0]![1] === 1 && this.#unnamed === 0)
      return new RatatoskError("bad_request", messages[0]![0]);
    const parts = messages.map(([message, times]) => `${times} errors like: ${message}`);
    if (this.#unnamed > 0) parts.push(`${this.#unnamed} more errors`);
    return new RatatoskError("bad_request", parts.join("; "));
  }
}

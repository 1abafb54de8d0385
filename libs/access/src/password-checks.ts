import { RatatoskError } from "@ratatosk/model";
import { isPassword, nobodysHash, type PasswordHash } from "./password-hash.ts";

const mostAtOnce = 2;
const mostWaiting = 50;

/** Checks passwords a few at a time: whoever guesses takes neither the threads nor the memory of the process. */
export class PasswordChecks {
  readonly #nobody = nobodysHash();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** Takes as long without a hash, and is then false. Throws limit_exceeded when too many wait. */
  async isRight(password: string, hash: PasswordHash | undefined): Promise<boolean> {
    await this.#turn();
    try {
      return await isPassword(password, hash ?? this.#nobody);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < mostAtOnce) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= mostWaiting)
      throw new RatatoskError("limit_exceeded", "too many passwords are being checked");
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

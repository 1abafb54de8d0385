import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file that says: ship everything when stopping. It outlives the process, so that whoever set it need not be quick. */
export class ShutdownMarker {
  readonly #directory: string;
  readonly #file: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#file = join(directory, "shutdown-requested");
  }

  get isSet(): boolean {
    return existsSync(this.#file);
  }

  set(): void {
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(this.#file, "", { flush: true });
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }
}

/** Which variable lies in which slot; inner scopes reuse the slots that outer ones have not taken. */
export class Scope {
  readonly #names: string[];

  constructor(names: readonly string[] = ["$"]) {
    this.#names = [...names];
  }

  inner(): Scope {
    return new Scope(this.#names);
  }

  declare(name: string): number {
    return this.#names.push(name) - 1;
  }

  /** The slot of the innermost variable of that name, -1 if there is none. */
  slot(name: string): number {
    return this.#names.lastIndexOf(name);
  }
}

/** A key of a line as a label name. */
export interface Key {
  /** The sanitised name; "" where nothing is left of the key. */
  readonly name: string;
  /** The name where the stream or the metadata already has `name`. */
  readonly extracted: string;
  /** The query needs `name`, or `extracted`. */
  readonly wanted: boolean;
  readonly extractedWanted: boolean;
}

const mostKeys = 10_000;

/** The keys seen by a parser, each sanitised once. */
export class KeyTable {
  readonly #keys = new Map<string, Key>();
  readonly #wanted: ReadonlySet<string> | undefined;

  constructor(wanted: ReadonlySet<string> | undefined) {
    this.#wanted = wanted;
  }

  of(raw: string): Key {
    const known = this.#keys.get(raw);
    if (known !== undefined) return known;
    if (this.#keys.size >= mostKeys) this.#keys.clear();
    const key = this.exact(sanitizeName(raw));
    this.#keys.set(raw, key);
    return key;
  }

  /** A name that is used as it is. */
  exact(name: string): Key {
    const extracted = `${name}_extracted`;
    const wants = (label: string): boolean => this.#wanted === undefined || this.#wanted.has(label);
    return { name, extracted, wanted: wants(name), extractedWanted: wants(extracted) };
  }
}

/** A label name made of any text: trimmed, other runes than `[A-Za-z0-9_]` replaced by `_`, no digit in front. */
export function sanitizeName(text: string): string {
  const trimmed = text.trim();
  const name = trimmed.replaceAll(/[^a-zA-Z0-9_]/gu, "_");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

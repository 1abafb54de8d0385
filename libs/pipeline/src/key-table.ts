import { TextCache } from "./text-cache.ts";

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
  readonly #texts = new TextCache();
  readonly #keys = new Map<string, Key>();
  readonly #wanted: ReadonlySet<string> | undefined;

  constructor(wanted: ReadonlySet<string> | undefined) {
    this.#wanted = wanted;
  }

  /** The key written in the line at `bytes[start … end)`. */
  read(bytes: Buffer, start: number, end: number): Key {
    return this.of(this.#texts.text(bytes, start, end));
  }

  of(raw: string): Key {
    const known = this.#keys.get(raw);
    if (known !== undefined) return known;
    if (this.#keys.size >= mostKeys) this.#keys.clear();
    const key = this.#make(this.nameOf(raw));
    this.#keys.set(raw, key);
    return key;
  }

  /** The label name of a key. */
  protected nameOf(raw: string): string {
    return sanitizeName(raw);
  }

  /** A name that is used as it is. */
  exact(name: string): Key {
    return this.#make(name);
  }

  #make(name: string): Key {
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

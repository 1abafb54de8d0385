import type { LogfmtParser } from "@ratatosk/logql";
import { unescapeJson } from "../json-scan.ts";
import { type Key, KeyTable, sanitizeName } from "../key-table.ts";
import type { Row } from "../row.ts";
import { TextCache } from "../text-cache.ts";
import { LogfmtScanner } from "./logfmt-scan.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

const logfmtError = "LogfmtParserErr";

/** `| logfmt`: pairs become labels. `--strict` stops at the first fault, `--keep-empty` keeps empty values. */
export function logfmtStage(options: LogfmtParser, hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const parser = options.extractions.length === 0 ? new Logfmt(options, hints) : new LogfmtPairs(options, hints);
  return (row) => parser.run(row);
}

class Logfmt {
  readonly scanner = new LogfmtScanner<Key>();
  readonly labels: ParsedLabels;
  protected readonly keys: KeyTable;
  readonly #keyTexts = new TextCache();
  readonly #texts = new TextCache();
  readonly #strict: boolean;
  readonly #keepEmpty: boolean;

  constructor({ strict, keepEmpty }: LogfmtParser, hints: ParserHints) {
    this.labels = new ParsedLabels(hints);
    this.keys = new KeyTable(hints.wanted);
    this.#strict = strict;
    this.#keepEmpty = keepEmpty;
  }

  run(row: Row): boolean {
    const { scanner } = this;
    scanner.open(row.bytes, row.start, row.end);
    while (scanner.next()) {
      if (scanner.fault === undefined && this.pair(row, scanner.meaning ?? this.#key(row.bytes))) break;
      if (scanner.fault !== undefined && this.stopAtFault(row)) break;
    }
    return !row.dropped;
  }

  #key(bytes: Buffer): Key {
    const { scanner } = this;
    const text = this.#keyTexts.text(bytes, scanner.keyStart, scanner.keyEnd);
    return scanner.known(text) ?? scanner.learn(text, this.keyOf(text));
  }

  /** What a key of a line stands for. */
  protected keyOf(text: string): Key {
    return this.keys.exact(sanitizeName(text));
  }

  /** Stores a pair; true once nothing more is wanted. */
  protected pair(row: Row, key: Key): boolean {
    const name = this.labels.accept(row, key);
    if (name === undefined) return false;
    const { escaped, valueStart, valueEnd } = this.scanner;
    if (!escaped && this.labels.storeSample(row, name, valueStart, valueEnd)) return this.labels.hasAll(row);
    const value = this.value(row);
    if (value === undefined || (value === "" && !this.#keepEmpty)) return false;
    return this.labels.store(row, name, value);
  }

  /** The text of the value, or undefined (and a fault) where an escape is wrong. */
  protected value(row: Row): string | undefined {
    const { scanner } = this;
    const raw = this.#texts.text(row.bytes, scanner.valueStart, scanner.valueEnd, " ");
    if (!scanner.escaped) return raw;
    const plain = unescapeJson(raw.replaceAll(/\\([\\'])/g, (_, letter: string) => (letter === "'" ? "'" : "\\\\")));
    if (plain === undefined) scanner.failValue();
    return plain?.toWellFormed().replaceAll("\ufffd", " ");
  }

  protected stopAtFault(row: Row): boolean {
    if (!this.#strict) return false;
    const { fault, faultAt } = this.scanner;
    this.labels.fail(row, logfmtError, `logfmt syntax error at pos ${faultAt} : ${fault}`);
    return true;
  }
}

/** `| logfmt label="key", …`: only these, "" where the line lacks the key; the last occurrence counts. */
class LogfmtPairs extends Logfmt {
  readonly #labelOf: ReadonlyMap<string, Key>;
  readonly #targets: readonly Key[];

  constructor(options: LogfmtParser, hints: ParserHints) {
    super(options, hints);
    this.#targets = options.extractions.map(({ label }) => this.keys.exact(label));
    this.#labelOf = new Map(options.extractions.map(({ source }, i) => [sourceKey(source), this.#targets[i]!]));
  }

  override run(row: Row): boolean {
    for (const key of this.#targets) {
      const name = row.parserName(key);
      if (row.get(name) === undefined) row.set(name, "");
    }
    return super.run(row);
  }

  protected override keyOf(text: string): Key {
    return this.#labelOf.get(text) ?? nobodys;
  }

  protected override pair(row: Row, key: Key): boolean {
    if (key === nobodys) return false;
    const name = row.parserName(key);
    const { escaped, valueStart, valueEnd } = this.scanner;
    if (!escaped && this.labels.storeSample(row, name, valueStart, valueEnd)) return false;
    const value = this.value(row);
    if (value !== undefined) row.set(name, value);
    return false;
  }
}

/** The key that no extraction names. */
const nobodys: Key = { name: "", extracted: "", wanted: false, extractedWanted: false };

/** The key that an extraction names, which may be quoted: `"a.b"`. */
function sourceKey(source: string): string {
  return /^".*"$/s.test(source) ? (JSON.parse(source) as string) : source;
}

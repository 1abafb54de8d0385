import type { LogfmtParser } from "@ratatosk/logql";
import { unescapeJson } from "../json-scan.ts";
import { isPlain, KeyBytes } from "../key-bytes.ts";
import { type Key, KeyTable } from "../key-table.ts";
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
  readonly scanner = new LogfmtScanner();
  readonly labels: ParsedLabels;
  readonly #texts = new TextCache();
  readonly #keys: KeyTable;
  readonly #strict: boolean;
  readonly #keepEmpty: boolean;

  constructor({ strict, keepEmpty }: LogfmtParser, hints: ParserHints) {
    this.labels = new ParsedLabels(hints);
    this.#keys = new KeyTable(hints.wanted);
    this.#strict = strict;
    this.#keepEmpty = keepEmpty;
  }

  run(row: Row): boolean {
    const { scanner } = this;
    scanner.open(row.bytes, row.start, row.end);
    while (scanner.next()) {
      if (scanner.fault === undefined && this.pair(row)) break;
      if (scanner.fault !== undefined && this.stopAtFault(row)) break;
    }
    return !row.dropped;
  }

  /** Stores a pair; true once nothing more is wanted. */
  protected pair(row: Row): boolean {
    const { scanner } = this;
    const key = this.#keys.read(row.bytes, scanner.keyStart, scanner.keyEnd);
    const name = this.labels.accept(row, key);
    if (name === undefined) return false;
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
  readonly #labelOf = new Map<string, Key>();
  readonly #targets: readonly Key[];
  readonly #texts = new TextCache();
  readonly #sources: KeyBytes;
  readonly #sourceKeys: readonly Key[];

  constructor(options: LogfmtParser, hints: ParserHints) {
    super(options, hints);
    const keys = new KeyTable(hints.wanted);
    for (const { label, source } of options.extractions) this.#labelOf.set(sourceKey(source), keys.exact(label));
    this.#targets = options.extractions.map(({ label }) => keys.exact(label));
    this.#sources = new KeyBytes([...this.#labelOf.keys()]);
    this.#sourceKeys = [...this.#labelOf.values()];
  }

  override run(row: Row): boolean {
    for (const key of this.#targets) {
      const name = row.parserName(key);
      if (row.get(name) === undefined) row.set(name, "");
    }
    return super.run(row);
  }

  protected override pair(row: Row): boolean {
    const key = this.#keyOf(row.bytes);
    if (key === undefined) return false;
    const value = this.value(row);
    if (value !== undefined) row.set(row.parserName(key), value);
    return false;
  }

  #keyOf(bytes: Buffer): Key | undefined {
    const { keyStart, keyEnd } = this.scanner;
    const at = this.#sources.find(bytes, keyStart, keyEnd);
    if (at !== -1) return this.#sourceKeys[at];
    return isPlain(bytes, keyStart, keyEnd) ? undefined : this.#labelOf.get(this.#texts.text(bytes, keyStart, keyEnd));
  }
}

/** The key that an extraction names, which may be quoted: `"a.b"`. */
function sourceKey(source: string): string {
  return /^".*"$/s.test(source) ? (JSON.parse(source) as string) : source;
}

import { type JsonValue, unescapeJson } from "../json-scan.ts";
import { TextCache } from "../text-cache.ts";

/** JSON values as label values: strings unescaped (a wrong escape gives ""), all else as written. */
export class JsonText {
  readonly #texts = new TextCache();

  of(bytes: Buffer, { kind, start, end }: JsonValue): string {
    const raw = this.#texts.text(bytes, start, end, " ");
    if (kind !== "string" || !raw.includes("\\")) return raw;
    return (unescapeJson(raw) ?? "").toWellFormed().replaceAll("\ufffd", " ");
  }
}

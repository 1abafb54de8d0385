import { formatAlloy, quoteAlloy } from "@ratatosk/alloy-syntax";

/** Text that stands as it is: a reference, a number. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type WrittenValue =
  | string
  | number
  | boolean
  | null
  | Raw
  | readonly WrittenValue[]
  | ReadonlyMap<string, WrittenValue>;

/** An attribute, or a block with what stands in it. */
export type Written =
  | { readonly name: string; readonly value: WrittenValue }
  | { readonly name: string; readonly label: string | undefined; readonly body: readonly Written[] };

export const attribute = (name: string, value: WrittenValue): Written => ({ name, value });
export const written = (name: string, body: readonly (Written | undefined)[], label?: string): Written => ({
  name,
  label,
  body: body.filter((one) => one !== undefined),
});

/** An attribute that says more than its default. */
export const unless = <T extends WrittenValue>(name: string, value: T | undefined, usual: T): Written | undefined =>
  value === undefined || value === usual ? undefined : attribute(name, value);

/** Blocks as Alloy's canonical text. */
export const writeAlloy = (blocks: readonly Written[]): string => formatAlloy(blocks.map(textOf).join("\n"), "output");

function textOf(one: Written): string {
  if ("value" in one) return `${one.name} = ${valueText(one.value)}\n`;
  const label = one.label === undefined ? "" : ` ${quoteAlloy(one.label)}`;
  return `${one.name}${label} {\n${one.body.map(textOf).join("")}}\n`;
}

function valueText(value: WrittenValue): string {
  if (typeof value === "string") return quoteAlloy(value);
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${(value as readonly WrittenValue[]).map(valueText).join(", ")}]`;
  if (!(value instanceof Map)) return "";
  if (value.size === 0) return "{}";
  const names = Array.from(value.keys(), String).sort();
  const fields = names.map((name) => `${fieldName(name)} = ${valueText(value.get(name) as WrittenValue)},\n`);
  return `{\n${fields.join("")}}`;
}

const fieldName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quoteAlloy(name));

/** A duration as Go prints it: `1m0s`, `24h0m0s`, `500ms`. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 1000) return ms >= 1 ? `${ms}ms` : `${ms * 1000}µs`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A size in the largest units that give whole numbers: `2KiB`, `1KiB476B`. */
export function sizeText(bytes: number): string {
  if (bytes === 0) return "0B";
  let text = "";
  let rest = bytes;
  for (let power = units.length - 1; power >= 0; power--) {
    const count = Math.floor(rest / 1024 ** power);
    rest -= count * 1024 ** power;
    if (count > 0) text += `${count}${units[power]}`;
  }
  return text;
}

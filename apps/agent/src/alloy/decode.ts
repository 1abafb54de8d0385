import { type AlloyValue, Capsule, isList, isObject, Secret, typeName } from "@ratatosk/alloy-syntax";
import { parseGoDuration } from "../config/units.ts";

/** A value that does not suit its attribute; `path` leads to the part of it that is to blame. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly path: readonly (string | number)[];

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message);
    this.path = path;
  }
}

/** Makes of a value what an attribute wants. Throws a DecodeError. */
export type Decode<T> = (value: AlloyValue) => T;

const should = (wanted: string, value: AlloyValue): never => {
  throw new DecodeError(`should be ${wanted}, got ${typeName(value)}`);
};

/** A text; numbers become text. */
export const text: Decode<string> = (value) => {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return numberText(value);
  return should("string", value);
};

const numberText = (value: number): string => (Number.isSafeInteger(value) ? String(BigInt(value)) : String(value));

/** A text that may be secret. */
export const secret: Decode<string> = (value) => (value instanceof Secret ? value.text : text(value));

export const boolean: Decode<boolean> = (value) => (typeof value === "boolean" ? value : should("bool", value));

/** A number; text that reads as one becomes one. */
export const number: Decode<number> = (value) => {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (typeof value !== "string") return should("number", value);
  if (value.trim() === "" || !Number.isFinite(Number(value)))
    throw new DecodeError(`should be number, got ${JSON.stringify(value)}`);
  return Number(value);
};

export const integer: Decode<number> = (value) => Math.trunc(number(value));

/** Milliseconds of a duration in Go's spelling. */
export const duration: Decode<number> = (value) => {
  const spelled = text(value);
  const ms = parseGoDuration(spelled);
  if (ms === undefined || /^[+-]?[1-9]\d*$/.test(spelled))
    throw new DecodeError(`time: invalid duration ${JSON.stringify(spelled)}`);
  return ms;
};

const bytesOf: Record<string, number> = {
  "": 1,
  B: 1,
  KB: 2 ** 10,
  KiB: 2 ** 10,
  MB: 2 ** 20,
  MiB: 2 ** 20,
  GB: 2 ** 30,
  GiB: 2 ** 30,
};

/** Bytes of a size: `1MiB`, `10KB`; all units are powers of 1024. */
export const size: Decode<number> = (value) => {
  const spelled = text(value);
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(spelled) ?? [];
  const scale = Object.hasOwn(bytesOf, unit) ? bytesOf[unit] : undefined;
  if (amount === undefined || scale === undefined) throw new DecodeError(`invalid size ${JSON.stringify(spelled)}`);
  return Math.trunc(Number(amount) * scale);
};

export const anything: Decode<AlloyValue> = (value) => value;

export const listOf =
  <T>(item: Decode<T>): Decode<T[]> =>
  (value) =>
    isList(value) ? value.map((one, at) => within(at, () => item(one))) : should("array", value);

export const mapOf =
  <T>(item: Decode<T>): Decode<Map<string, T>> =>
  (value) =>
    isObject(value)
      ? new Map([...value].map(([key, one]) => [key, within(key, () => item(one))]))
      : should("object", value);

function within<T>(key: string | number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(error.message, [key, ...error.path]);
    throw error;
  }
}

/** One of a few texts. */
export const oneOf =
  <T extends string>(...known: readonly T[]): Decode<T> =>
  (value) => {
    const given = text(value);
    const found = known.find((one) => one === given);
    if (found === undefined)
      throw new DecodeError(`unrecognized value ${JSON.stringify(given)}, expected one of: ${known.join(", ")}`);
    return found;
  };

/** A capsule of that name; `check` recognises its content. */
export const capsuleOf =
  <T>(name: string, check: (content: unknown) => content is T): Decode<T> =>
  (value) =>
    value instanceof Capsule && check(value.content) ? value.content : should(`capsule("${name}")`, value);

/** A null as the fallback, anything else decoded. */
export const orNull =
  <T>(decode: Decode<T>, fallback: T): Decode<T> =>
  (value) =>
    value === null ? fallback : decode(value);

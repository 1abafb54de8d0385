import type { Span } from "@ratatosk/alloy-syntax";
import { type Body, type BodyBlock, partAt, PlaceError } from "./body.ts";
import { type Decode, DecodeError } from "./decode.ts";

/** An attribute: what it must be, and what it is where it is not given. */
export interface AttributeSpec<T> {
  readonly decode: Decode<T>;
  readonly fallback: T | undefined;
  readonly isRequired: boolean;
  /** Accepted, without effect: whoever gives it is told. */
  readonly isIdle?: boolean;
}

/** An attribute or block that is accepted and has no effect. */
export const idle = <S extends AttributeSpec<unknown> | BlockSpec<unknown>>(spec: S): S => ({ ...spec, isIdle: true });

export const required = <T>(decode: Decode<T>): AttributeSpec<T> => ({ decode, fallback: undefined, isRequired: true });
export const optional = <T>(decode: Decode<T>, fallback: T): AttributeSpec<T> => ({
  decode,
  fallback,
  isRequired: false,
});
/** An attribute that may be left out, and is undefined then. */
export const maybe = <T>(decode: Decode<T>): AttributeSpec<T | undefined> => ({
  decode,
  fallback: undefined,
  isRequired: false,
});

export interface BlockSpec<T> {
  readonly schema: () => Schema<T>;
  readonly isRequired: boolean;
  readonly isRepeated: boolean;
  readonly isIdle?: boolean;
}

export const block = <T>(schema: Schema<T>): BlockSpec<T> & { isRepeated: false } => ({
  schema: () => schema,
  isRequired: false,
  isRepeated: false,
});
export const requiredBlock = <T>(schema: Schema<T>): BlockSpec<T> & { isRepeated: false } => ({
  ...block(schema),
  isRequired: true,
});
export const blocks = <T>(schema: Schema<T>): BlockSpec<T> & { isRepeated: true } => ({
  ...block(schema),
  isRepeated: true,
});

/** A block of a list whose order counts, such as the stages of a pipeline. */
export interface Item<T> {
  readonly name: string;
  readonly args: T;
  readonly span: Span;
}

type Attributes = Readonly<Record<string, AttributeSpec<unknown>>>;
type Blocks = Readonly<Record<string, BlockSpec<unknown>>>;

/** What a body may hold, and how it is read. */
export interface Schema<T> {
  readonly attributes: Attributes;
  readonly blocks: Blocks;
  /** Blocks that come in any number and order, read into `items`. */
  readonly items: (() => Readonly<Record<string, Schema<unknown>>>) | undefined;
  /** Whatever stands in it is right. */
  readonly takesAnything?: boolean;
  /** Throws an Error where what was read does not fit together. */
  check?(args: T): void;
}

type Args<A extends Attributes, B extends Blocks> = {
  readonly [K in keyof A]: A[K] extends AttributeSpec<infer T> ? T : never;
} & {
  readonly [K in keyof B]: B[K] extends BlockSpec<infer T>
    ? B[K] extends { isRepeated: true }
      ? readonly T[]
      : T | undefined
    : never;
};

// eslint-disable-next-line typescript/no-generated-empty-object-type -- a body without attributes has none
export function schema<A extends Attributes = Record<never, never>, B extends Blocks = Record<never, never>>(parts: {
  readonly attributes?: A;
  readonly blocks?: B;
  readonly check?: (args: Args<A, B>) => void;
}): Schema<Args<A, B>> {
  const { attributes = {}, blocks = {}, check } = parts;
  return { attributes, blocks, items: undefined, ...(check ? { check } : {}) };
}

/** A body that is read over. */
export const anyBody: Schema<unknown> = { attributes: {}, blocks: {}, items: undefined, takesAnything: true };

/** A schema with a list of blocks beside what another one has. */
export const withItems = <T>(
  base: Schema<T>,
  items: () => Readonly<Record<string, Schema<unknown>>>,
): Schema<T & { readonly items: readonly Item<unknown>[] }> => ({
  ...base,
  items,
});

/** What a body says, by its schema. Throws a PlaceError. `place` is where the body stands. */
export function decodeBody<T>(body: Body, schema: Schema<T>, place: Span): T {
  const { attributes, blocks, items } = schema;
  const args: Record<string, unknown> = {};
  if (schema.takesAnything !== true) checkNames(body, { attributes, blocks, items: items?.() });
  for (const [name, spec] of Object.entries(attributes)) args[name] = decodeAttribute(body, name, spec, place);
  for (const [name, spec] of Object.entries(blocks)) args[name] = decodeBlocks(body, name, spec, place);
  if (items) args["items"] = decodeItems(body, items());
  try {
    schema.check?.(args as T);
  } catch (error) {
    throw new PlaceError(place, (error as Error).message);
  }
  return args as T;
}

/** What a body says without effect: `endpoint.queue_config`. */
export function idleSettings(body: Body, { attributes, blocks, items }: Schema<unknown>, prefix = ""): string[] {
  const given = [...body.attributes.keys()].filter((name) => attributes[name]?.isIdle).map((name) => prefix + name);
  const inside = body.blocks.flatMap(({ name, body: inner }) => {
    if (blocks[name]?.isIdle) return [prefix + name];
    const schema = blocks[name]?.schema() ?? items?.()[name];
    return schema ? idleSettings(inner, schema, `${prefix}${name}.`) : [];
  });
  return [...new Set([...given, ...inside])];
}

function checkNames(
  body: Body,
  {
    attributes,
    blocks,
    items,
  }: { attributes: Attributes; blocks: Blocks; items: Readonly<Record<string, unknown>> | undefined },
): void {
  const isBlock = (name: string): boolean =>
    Object.hasOwn(blocks, name) || (items !== undefined && Object.hasOwn(items, name));
  for (const [name, { source }] of body.attributes) {
    if (Object.hasOwn(attributes, name)) continue;
    const message = isBlock(name)
      ? `${JSON.stringify(name)} must be a block, but is used as an attribute`
      : `unrecognized attribute name ${JSON.stringify(name)}`;
    throw new PlaceError(source.nameSpan, message);
  }
  for (const { name, source } of body.blocks) {
    if (isBlock(name)) continue;
    const message = Object.hasOwn(attributes, name)
      ? `${JSON.stringify(name)} must be an attribute, but is used as a block`
      : `unrecognized block name ${JSON.stringify(name)}`;
    throw new PlaceError(source.nameSpan, message);
  }
}

function decodeAttribute(
  body: Body,
  name: string,
  { decode, fallback, isRequired }: AttributeSpec<unknown>,
  place: Span,
): unknown {
  const given = body.attributes.get(name);
  if (given === undefined) {
    if (isRequired) throw new PlaceError(place, `missing required attribute ${JSON.stringify(name)}`);
    return fallback;
  }
  if (given.value === null && !isRequired) return fallback;
  try {
    return decode(given.value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new PlaceError(partAt(given.source.value, error.path).span, error.message);
  }
}

function decodeBlocks(
  body: Body,
  name: string,
  { schema, isRequired, isRepeated }: BlockSpec<unknown>,
  place: Span,
): unknown {
  const given = body.blocks.filter((one) => one.name === name);
  if (given.length === 0 && isRequired) throw new PlaceError(place, `missing required block ${JSON.stringify(name)}`);
  if (isRepeated) return given.map((one) => decodeBlock(one, schema()));
  const [first, second] = given;
  if (second) throw new PlaceError(second.source.nameSpan, `block ${JSON.stringify(name)} may only be provided once`);
  return first && decodeBlock(first, schema());
}

function decodeBlock(one: BodyBlock, schema: Schema<unknown>): unknown {
  if (one.label !== undefined)
    throw new PlaceError(one.source.nameSpan, `block ${JSON.stringify(one.name)} does not support specifying labels`);
  return decodeBody(one.body, schema, one.source.nameSpan);
}

const decodeItems = (body: Body, items: Readonly<Record<string, Schema<unknown>>>): Item<unknown>[] =>
  body.blocks
    .filter(({ name }) => Object.hasOwn(items, name))
    .map((one) => ({ name: one.name, args: decodeBlock(one, items[one.name]!), span: one.source.nameSpan }));

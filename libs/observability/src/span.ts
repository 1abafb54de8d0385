/** What is known of a piece of work besides its name. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work that is timed. */
export interface Span {
  /** The header that makes others' spans its children. */
  readonly traceparent: string;
  set(attributes: Attributes): void;
  /** With a failure, why it failed. */
  end(failure?: string): void;
}

/** What a span is of. */
export interface Work {
  readonly name: string;
  /** Whether it answers a request. */
  readonly kind?: "internal" | "server";
  readonly attributes?: Attributes;
}

export interface SpanStart extends Work {
  /** The `traceparent` of what it is a part of; undefined begins a trace. */
  readonly parent: string | undefined;
}

/** Makes spans. */
export interface Tracer {
  begin(start: SpanStart): Span;
}

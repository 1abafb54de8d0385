import { AsyncLocalStorage } from "node:async_hooks";
import type { Span, Tracer, Work } from "./span.ts";

/** The trace of W3C's Trace Context that runs now. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** What is passed on: the span under way, else the header as it came. */
  readonly traceparent: string;
}

const traces = new AsyncLocalStorage<Trace>();
const pattern = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** What makes spans in this process; nothing, unless it was told where to send them. */
let tracer: Tracer | undefined;

/** Lets a tracer make the spans of this process, or none. */
export function traceWith(made: Tracer | undefined): void {
  tracer = made;
}

/** Runs what belongs to the trace that a header `traceparent` names; without a sound one it runs as it is. */
export function withTrace<T>(traceparent: string | undefined, run: () => T): T {
  const id = traceparent === undefined || traceparent.startsWith("ff") ? undefined : pattern.exec(traceparent)?.[1];
  return id === undefined ? run() : traces.run({ id, traceparent: traceparent! }, run);
}

/** The trace of what runs now. */
export const currentTrace = (): Trace | undefined => traces.getStore();

/** A span of the trace under way, to be ended by the caller; undefined where there is none. */
export function beginSpan(what: Work): Span | undefined {
  const trace = tracer && currentTrace();
  return trace && tracer?.begin({ ...what, parent: trace.traceparent });
}

/** Runs work as a span of the trace under way; where there is none, as it is. */
export function inSpan<T>(what: Work, run: (span: Span | undefined) => Promise<T>): Promise<T> {
  return tracer === undefined || currentTrace() === undefined ? run(undefined) : spanned(tracer, what, run);
}

/** Runs work as a span, with which a trace begins where none is under way. */
export function inTrace<T>(what: Work, run: (span: Span | undefined) => Promise<T>): Promise<T> {
  return tracer === undefined ? run(undefined) : spanned(tracer, what, run);
}

async function spanned<T>(by: Tracer, what: Work, run: (span: Span) => Promise<T>): Promise<T> {
  const span = by.begin({ ...what, parent: currentTrace()?.traceparent });
  try {
    const result = await withTrace(span.traceparent, () => run(span));
    span.end();
    return result;
  } catch (error) {
    span.end(error instanceof Error ? error.message : "failed");
    throw error;
  }
}

import { AsyncLocalStorage } from "node:async_hooks";

/** The trace of W3C's Trace Context that a request belongs to. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** The header, as it came: it is passed on as it is, since no span of our own is made. */
  readonly traceparent: string;
}

const traces = new AsyncLocalStorage<Trace>();
const pattern = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** Runs what belongs to the trace that a header `traceparent` names; without a sound one it runs as it is. */
export function withTrace<T>(traceparent: string | undefined, run: () => T): T {
  const id = traceparent === undefined || traceparent.startsWith("ff") ? undefined : pattern.exec(traceparent)?.[1];
  return id === undefined ? run() : traces.run({ id, traceparent: traceparent! }, run);
}

/** The trace of what runs now. */
export const currentTrace = (): Trace | undefined => traces.getStore();

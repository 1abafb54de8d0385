/** A part of a process with a life of its own. */
export interface Service {
  /** As `/services` lists it. */
  readonly name: string;
  /** Resolves once ready to serve. */
  start(signal: AbortSignal): Promise<void>;
  /** Finishes what was accepted, then lets go. */
  stop(): Promise<void>;
  /** Why it is not ready to serve, in Loki's words, or undefined when it is. */
  notReady?(): string | undefined;
}

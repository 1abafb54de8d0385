import { beginSpan, Counter, Histogram, type Registry } from "@ratatosk/observability";
import type { Body, ByteRange, ObjectInfo, ObjectStore } from "./object-store.ts";

type Operation = "get" | "get_range" | "upload" | "delete" | "iter" | "attributes";
type Labels = "bucket" | "operation";

/** A store whose operations are counted and timed, as `loki_objstore_bucket_*`. */
export class MeasuredStore implements ObjectStore {
  readonly gapBytes: number;
  readonly #store: ObjectStore;
  readonly #bucket: string;
  readonly #operations: Counter<Labels>;
  readonly #failures: Counter<Labels>;
  readonly #seconds: Histogram<Labels>;

  /** `bucket` names the store in the metrics. */
  constructor(store: ObjectStore, bucket: string, registry: Registry) {
    this.#store = store;
    this.gapBytes = store.gapBytes;
    this.#bucket = bucket;
    const labelNames: Labels[] = ["bucket", "operation"];
    const shared = { labelNames, registers: [registry] };
    const prefix = "loki_objstore_bucket_operation";
    this.#operations = new Counter({ ...shared, name: `${prefix}s_total`, help: "Operations of the object store." });
    this.#failures = new Counter({ ...shared, name: `${prefix}_failures_total`, help: "Operations that failed." });
    this.#seconds = new Histogram({
      ...shared,
      name: `${prefix}_duration_seconds`,
      help: "Time that operations took.",
      buckets: [0.001, 0.01, 0.1, 0.3, 0.6, 1, 3, 6, 9, 20, 30, 60, 90, 120],
    });
  }

  put(key: string, body: Body): Promise<void> {
    return this.#measured("upload", key, () => this.#store.put(key, body));
  }

  get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#measured(range === undefined ? "get" : "get_range", key, () => this.#store.get(key, range, signal));
  }

  stat(key: string): Promise<ObjectInfo | undefined> {
    return this.#measured("attributes", key, () => this.#store.stat(key));
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncIterable<ObjectInfo> {
    const done = this.#begin("iter", prefix);
    let failed = false;
    try {
      yield* this.#store.list(prefix, signal);
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      done(failed);
    }
  }

  folders(prefix: string, signal?: AbortSignal): Promise<string[]> {
    return this.#measured("iter", prefix, () => this.#store.folders(prefix, signal));
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#measured("delete", keys[0] ?? "", () => this.#store.delete(keys));
  }

  async #measured<T>(operation: Operation, key: string, work: () => Promise<T>): Promise<T> {
    const done = this.#begin(operation, key);
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      done(failed);
    }
  }

  #begin(operation: Operation, key: string): (failed: boolean) => void {
    const labels = { bucket: this.#bucket, operation };
    const span = beginSpan({ name: `store ${operation}`, attributes: { bucket: this.#bucket, key } });
    const began = performance.now();
    this.#operations.inc(labels);
    return (failed) => {
      if (failed) this.#failures.inc(labels);
      span?.end(failed ? "failed" : undefined);
      this.#seconds.observe(labels, (performance.now() - began) / 1000);
    };
  }
}

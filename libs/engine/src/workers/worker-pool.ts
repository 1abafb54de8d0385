import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ErrorCode, RatatoskError } from "@ratatosk/model";
import type { ScanJob, ScanResult } from "../scan/job.ts";
import { rawBytes } from "../scan/decode.ts";
import { localRunner, type ScanRunner } from "../scan/runner.ts";
import { buffersOf, type WorkerRequest, type WorkerResponse, withOwnBytes } from "./message.ts";

interface Task {
  readonly job: ScanJob;
  readonly signal: AbortSignal;
  readonly resolve: (result: ScanResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Below so much work the way to a thread costs more than the scan: raw bytes, the more the longer the stages. */
const leastSent = 256 * 1024;
/** Stages of so many characters, as JSON, are as much work as the reading of the lines. */
const stageText = 200;

/**
 * A scan makes little that lives long: more room for what is young costs memory and gains nothing. What lives longer are
 * the labels of the series found; a job that finds too many for this room fails.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 128 };
const tooMany =
  "the query makes too many series to be held in memory; consider adding more specific stream selectors, reducing the time range, or grouping by fewer labels";

/** Runs scans on threads of its own, which are started when first needed. Jobs wait in the order in which they came. */
export class WorkerPool implements ScanRunner {
  readonly concurrency: number;
  readonly #waiting: Task[] = [];
  readonly #idle: Worker[] = [];
  readonly #workers = new Set<Worker>();
  #stopped = false;

  /** `threads` of 0: as many as there are cores. */
  constructor(threads = 0) {
    this.concurrency = threads > 0 ? threads : availableParallelism();
  }

  run(job: ScanJob, signal: AbortSignal): Promise<ScanResult> {
    if (this.#stopped) return Promise.reject(new RatatoskError("unavailable", "the server is stopping"));
    if (workOf(job) < leastSent) return localRunner.run(job, signal);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, signal, resolve, reject });
      this.#next();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#waiting.splice(0))
      reject(new RatatoskError("unavailable", "the server is stopping"));
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#start();
      if (worker === undefined) return;
      const task = this.#waiting.shift()!;
      if (task.signal.aborted) {
        this.#idle.push(worker);
        task.reject(task.signal.reason);
      } else this.#send(worker, task);
    }
  }

  #start(): Worker | undefined {
    if (this.#workers.size >= this.concurrency) return undefined;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { resourceLimits });
    // A thread that waits for work keeps no process alive.
    worker.unref();
    this.#workers.add(worker);
    worker.once("exit", () => {
      this.#workers.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at !== -1) this.#idle.splice(at, 1);
    });
    return worker;
  }

  #send(worker: Worker, { job, signal, resolve, reject }: Task): void {
    const cancelled = new SharedArrayBuffer(4);
    const cancel = (): void => void Atomics.store(new Int32Array(cancelled), 0, 1);
    const done = (settle: () => void): void => {
      signal.removeEventListener("abort", cancel);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      worker.unref();
      settle();
      this.#next();
    };
    const onMessage = (response: WorkerResponse): void => {
      this.#idle.push(worker);
      done(() => ("result" in response ? resolve(response.result) : reject(errorOf(response.error, signal))));
    };
    const onError = (error: Error): void => done(() => reject(errorOfThread(error)));
    const onExit = (): void => done(() => reject(new RatatoskError("internal", "a scan thread ended unexpectedly")));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    signal.addEventListener("abort", cancel, { once: true });
    worker.ref();
    const request: WorkerRequest = { job: { ...job, pieces: withOwnBytes(job.pieces) }, cancelled };
    worker.postMessage(request, [...buffersOf(request.job.pieces)]);
  }
}

function errorOf({ code, message }: { code: string; message: string }, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : new RatatoskError(code as ErrorCode, message);
}

function errorOfThread(error: Error): Error {
  const isFull = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isFull ? new RatatoskError("bad_request", tooMany, { cause: error }) : error;
}

function workOf({ pieces, log: { stages } }: ScanJob): number {
  let raw = 0;
  for (const { blocks } of pieces) for (const block of blocks) raw += rawBytes(block);
  return raw * (1 + JSON.stringify(stages).length / stageText);
}

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Block } from "@ratatosk/model";
import { BlockCarriers } from "./block-carrier.ts";
import type { SealedMessage, SealRequest } from "./seal-worker.ts";
import type { SegmentBlock } from "./segment-format.ts";

interface Task {
  readonly block: Block;
  readonly level: number;
  readonly resolve: (sealed: SegmentBlock) => void;
  readonly reject: (error: Error) => void;
}

/** Sealing makes few objects: without this V8 lets each thread keep a hundred MiB for young ones. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** Threads that seal blocks, started when first needed. Blocks wait in the order in which they came. */
export class SealThreads {
  readonly #most: number;
  readonly #carriers = new BlockCarriers();
  readonly #idle: Worker[] = [];
  #threads = 0;
  #waiting: Task[] = [];

  /** `most` of 0: one less than there are cores, at least one and at most four. */
  constructor(most = 0) {
    this.#most = most > 0 ? most : Math.min(4, Math.max(1, availableParallelism() - 1));
  }

  /** Rejects where a thread fails. */
  seal(block: Block, level: number): Promise<SegmentBlock> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ block, level, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop() ?? this.#start();
      if (thread === undefined) return;
      this.#send(thread, this.#waiting.shift()!);
    }
  }

  #start(): Worker | undefined {
    if (this.#threads >= this.#most) return undefined;
    const thread = new Worker(new URL("./seal-worker.ts", import.meta.url), { resourceLimits });
    // A thread that waits for work keeps no process alive.
    thread.unref();
    this.#threads++;
    thread.once("exit", () => {
      this.#threads--;
      const at = this.#idle.indexOf(thread);
      if (at !== -1) this.#idle.splice(at, 1);
      this.#next();
    });
    return thread;
  }

  #send(thread: Worker, { block, level, resolve, reject }: Task): void {
    const ended = (): void => {
      thread.off("message", onMessage).off("error", onError).off("exit", onExit);
      thread.unref();
    };
    const onMessage = ({ sealed, failure, buffer }: SealedMessage): void => {
      ended();
      this.#carriers.giveBack(buffer);
      this.#idle.push(thread);
      if (sealed === undefined) reject(new Error(failure));
      else resolve(sealed);
      this.#next();
    };
    const onError = (error: Error): void => {
      ended();
      reject(error);
    };
    const onExit = (): void => onError(new Error("a thread that seals blocks ended"));
    thread.on("message", onMessage).on("error", onError).on("exit", onExit);
    thread.ref();
    const request: SealRequest = { ...this.#carriers.load(block), level };
    thread.postMessage(request, [request.buffer]);
  }
}

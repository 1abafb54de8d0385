import { Worker } from "node:worker_threads";
import type { Inputs, Outcome } from "./run-inputs.ts";

export interface Task {
  readonly names: readonly string[];
  readonly inputs: Inputs;
  /** The number of the input that is being read. */
  readonly current: BigInt64Array;
}

/** What the thread that reads tells. */
export type Report = { readonly name: string } & (
  | { readonly kind: "begin" }
  | { readonly kind: "crash"; readonly number: number; readonly input: Uint8Array; readonly why: string }
  | ({ readonly kind: "end" } & Outcome)
);

export interface Result {
  readonly name: string;
  readonly accepted: number;
  readonly seconds: number;
  /** One text each: what happened, and the command that makes it happen again. */
  readonly faults: readonly string[];
}

/** An input that takes longer hangs: so much of the processor, or so many times as long without it. */
const hangMs = 10_000;
const idleHangs = 60;
/** WebAssembly keeps the memory that its largest input needed. */
const maxGrownBytes = 128 * 2 ** 20;
const maxFaults = 5;

/** Reads inputs of targets, one after the other, in a thread that is ended, and begun anew, when one hangs or dies. */
export async function* runTargets(names: readonly string[], inputs: Inputs): AsyncGenerator<Result> {
  for (let left = [...names]; left.length > 0;) {
    const run = new Run({ names: left, inputs, current: new BigInt64Array(new SharedArrayBuffer(8)) });
    await run.ended;
    yield* run.results;
    left = left.filter((name) => !run.results.some((result) => result.name === name));
  }
}

/** One thread, from its beginning to its end; a target that it dies of is the last it has a result for. */
class Run {
  readonly results: Result[] = [];
  readonly ended: Promise<void>;
  readonly #task: Task;
  readonly #worker: Worker;
  #name: string;
  #began = performance.now();
  #faults: string[] = [];

  constructor(task: Task) {
    this.#task = task;
    this.#name = task.names[0]!;
    this.#worker = new Worker(new URL("worker.ts", import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    this.ended = this.#watch();
  }

  async #watch(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#worker.on("message", (report: Report) => this.#take(report));
    this.#worker.on("error", (error) => this.#fault(`ends the process: ${String(error)}`));
    this.#worker.on("exit", () => resolve());
    let last = { place: "", cpuMs: 0, looks: 0 };
    const timer = setInterval(() => {
      const now = { place: `${this.#name} ${this.#input}`, cpuMs: cpuMs(), looks: 0 };
      if (now.place !== last.place) last = now;
      else if (now.cpuMs - last.cpuMs >= hangMs || ++last.looks >= idleHangs)
        this.#fault(`takes longer than ${hangMs} ms`, true);
    }, hangMs);
    await promise;
    clearInterval(timer);
    if (this.#faults.length > 0) this.#finish(0);
  }

  get #input(): number {
    return Number(Atomics.load(this.#task.current, 0));
  }

  #take(report: Report): void {
    switch (report.kind) {
      case "begin":
        this.#name = report.name;
        this.#began = performance.now();
        break;
      case "crash":
        this.#fault(crashText(report), this.#faults.length + 1 >= maxFaults, report.number);
        break;
      case "end":
        if (report.grownBytes > maxGrownBytes) this.#fault(`keeps ${report.grownBytes} bytes of memory`);
        this.#finish(report.accepted);
        break;
    }
  }

  #fault(what: string, fatal = false, input = this.#input): void {
    const again = `npm run fuzz -- ${this.#name} --seed ${this.#task.inputs.seed} --first ${input} --inputs 1`;
    this.#faults.push(`${this.#name}, input ${input}: ${what}\n  ${again}`);
    if (fatal) void this.#worker.terminate();
  }

  #finish(accepted: number): void {
    const seconds = (performance.now() - this.#began) / 1000;
    this.results.push({ name: this.#name, accepted, seconds, faults: this.#faults });
    this.#faults = [];
  }
}

/** Of this process: another one that is busy makes nothing hang. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function crashText({ input, why }: Extract<Report, { kind: "crash" }>): string {
  return `${why}\n  ${Buffer.from(input).toString("base64").slice(0, 400)}`;
}

import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seededRandom } from "@ratatosk/logql/testing";
import { corpusOf } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { isRefusal, type Target } from "./target.ts";

export interface Inputs {
  /** Number of the first input: each is made from its number and the seed alone. */
  readonly first: number;
  readonly count: number;
  readonly seed: number;
}

export interface Progress {
  /** An input is about to be read. */
  begun(number: number, input: Uint8Array): void;
  crashed(number: number, input: Uint8Array, error: unknown): void;
}

export interface Outcome {
  /** Inputs that were read without complaint; the others were refused. */
  readonly accepted: number;
  /** Bytes of heap and buffers that the second half of the inputs left behind. */
  readonly grownBytes: number;
}

const inputsATurn = 256;

/** Reads so many inputs of a target. */
export async function runInputs(target: Target, { first, count, seed }: Inputs, progress: Progress): Promise<Outcome> {
  const samples = corpusOf(target.name);
  let accepted = 0;
  let heldHalfway = 0;
  for (let at = 0; at < count; at++) {
    // What the collector has found free is given back by the event loop.
    if (at % inputsATurn === 0) await setImmediate();
    if (at === Math.floor(count / 2)) heldHalfway = await heldBytes();
    const number = first + at;
    const input = inputOf(target, samples, number, seed);
    progress.begun(number, input);
    try {
      await target.read(input);
      accepted++;
    } catch (error) {
      if (!isRefusal(target, error)) progress.crashed(number, input, error);
    }
  }
  return { accepted, grownBytes: (await heldBytes()) - heldHalfway };
}

/** The first inputs are the samples as they are. */
function inputOf({ words = [] }: Target, samples: readonly Uint8Array[], number: number, seed: number): Uint8Array {
  const sample = samples[number];
  if (sample !== undefined) return new Uint8Array(sample);
  return mutate(samples, words, seededRandom(Math.imul(number, 0x9e3779b1) ^ seed));
}

/** Buffers are given back a while after they were found to be garbage. */
async function heldBytes(): Promise<number> {
  collectGarbage();
  await sleep(50);
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

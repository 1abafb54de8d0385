import { parentPort } from "node:worker_threads";
import { RatatoskError } from "@ratatosk/model";
import { scan } from "../scan/scan.ts";
import { buffersOf, freeBuffers, type WorkerRequest, type WorkerResponse } from "./message.ts";

parentPort!.on("message", ({ job, cancelled }: WorkerRequest) => {
  const flag = new Int32Array(cancelled);
  const response = answer(() => scan(job, () => Atomics.load(flag, 0) !== 0));
  freeBuffers(job.pieces);
  parentPort!.postMessage(response, [...buffersOf(response)]);
});

function answer(run: () => ReturnType<typeof scan>): WorkerResponse {
  try {
    return { result: run() };
  } catch (thrown) {
    const { code, message } = RatatoskError.from(thrown);
    return { error: { code, message } };
  }
}

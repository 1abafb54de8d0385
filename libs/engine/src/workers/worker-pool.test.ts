import { encodeBlock } from "@ratatosk/chunk";
import { type LogExpr, parse } from "@ratatosk/logql";
import { afterAll, expect, test } from "vitest";
import type { ScanJob, ScanResult } from "../scan/job.ts";
import { scan } from "../scan/scan.ts";
import { blockOf } from "../testing/memory-source.ts";
import { WorkerPool } from "./worker-pool.ts";

const pool = new WorkerPool(2);
afterAll(() => pool.stop());

/** Runs a copy: the pool takes the bytes of what it runs. */
const run = (job: ScanJob, signal = new AbortController().signal): Promise<ScanResult> =>
  pool.run(structuredClone(job), signal);

function jobOf(query: string, rows: number): ScanJob {
  const entries = Array.from({ length: rows }, (_, i) => ({
    time: BigInt(i),
    line: `level=${i % 3 === 0 ? "error" : "info"} n=${i} ${"x".repeat(60)}`,
  }));
  return {
    log: parse(query) as LogExpr,
    task: { kind: "lines", forward: true, limit: 10_000 },
    pieces: [{ labels: [["app", "a"]], start: 0n, end: 10n ** 9n, blocks: [encodeBlock(blockOf(entries))] }],
  };
}

test("a thread answers as this thread does", async () => {
  const job = jobOf('{app="a"} | logfmt | level="error"', 5000);
  const expected = scan(job);
  const results = await Promise.all([1, 2, 3].map(() => run(job)));
  for (const result of results) expect(result).toEqual(expected);
});

test("a failure in a thread is the failure of the job, and the thread goes on", async () => {
  const job = jobOf('{app="a"}', 5000);
  const broken: ScanJob = { ...job, log: { ...job.log, stages: [{ kind: "line-format", template: "{{" }] } };
  await expect(run(broken)).rejects.toMatchObject({
    code: "bad_request",
    message: "parse error : stage '| line_format \"{{\"' : invalid line template: template: line:1: unclosed action",
  });
  expect(await run(job)).toEqual(scan(job));
});

test("a job whose query is cancelled ends", async () => {
  const aborter = new AbortController();
  const job = jobOf('{app="a"} | logfmt', 2000);
  const many = { ...job, pieces: Array.from({ length: 200 }, () => job.pieces[0]!) };
  const running = [1, 2, 3].map(() => run(many, aborter.signal));
  aborter.abort();
  for (const { status } of await Promise.allSettled(running)) expect(status).toBe("rejected");
});

import { expect, test } from "vitest";
import { inOrder } from "./job-queue.ts";

/** Jobs that end when they are told to, and what became of them. */
class Jobs {
  readonly begun: number[] = [];
  readonly handed: number[] = [];
  readonly #ends: PromiseWithResolvers<number>[];

  constructor(count: number) {
    this.#ends = Array.from({ length: count }, () => Promise.withResolvers<number>());
  }

  readonly next = async (): Promise<(() => Promise<number>) | undefined> => {
    const n = this.begun.length;
    if (n === this.#ends.length) return undefined;
    return () => {
      this.begun.push(n);
      return this.#ends[n]!.promise;
    };
  };

  async run(width: number): Promise<void> {
    for await (const n of inOrder(() => width, this.next)) this.handed.push(n);
  }

  async end(...numbers: number[]): Promise<void> {
    for (const n of numbers) this.#ends[n]!.resolve(n);
    await settled();
  }

  async fail(n: number): Promise<void> {
    this.#ends[n]!.reject(new Error(`job ${n} failed`));
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("results come in the order in which their jobs began, as many at once as told", async () => {
  const jobs = new Jobs(3);
  const done = jobs.run(2);
  await settled();
  expect(jobs.begun).toEqual([0, 1]);
  await jobs.end(0);
  expect([jobs.begun, jobs.handed]).toEqual([[0, 1, 2], [0]]);
  await jobs.end(2, 1);
  await done;
  expect(jobs.handed).toEqual([0, 1, 2]);
});

test("a slow one lets others begin, until twice as many have", async () => {
  const jobs = new Jobs(9);
  const done = jobs.run(2);
  await settled();
  await jobs.end(1);
  await jobs.end(2);
  await jobs.end(3);
  expect([jobs.begun, jobs.handed]).toEqual([[0, 1, 2, 3], []]);
  await jobs.end(0);
  expect([jobs.begun, jobs.handed]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3],
  ]);
  await jobs.end(4, 5, 6, 7, 8);
  await done;
  expect(jobs.handed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("one at a time: the next begins once the one before was handed over", async () => {
  const jobs = new Jobs(2);
  const done = jobs.run(1);
  await jobs.end(0);
  expect([jobs.begun, jobs.handed]).toEqual([[0, 1], [0]]);
  await jobs.end(1);
  await done;
});

test("a failure is seen in its turn, and once all that had begun has ended", async () => {
  const jobs = new Jobs(3);
  let failure = "";
  const done = jobs.run(3).catch((error: Error) => void (failure = error.message));
  await settled();
  await jobs.fail(1);
  expect([jobs.handed, failure]).toEqual([[], ""]);
  await jobs.end(0);
  expect([jobs.handed, failure]).toEqual([[0], ""]);
  await jobs.end(2);
  await done;
  expect(failure).toBe("job 1 failed");
});

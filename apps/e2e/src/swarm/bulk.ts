import { randomBytes } from "node:crypto";
import { pushLines } from "../push-lines.ts";
import type { Question } from "./watch.ts";

const streams = 8;
const linesOfStream = 5000;
const linesOfPush = 2500;
const mostTaken = 997;
const taken = (i: number): number => (i * 31) % mostTaken;

/** Pushes some 9 MB that hardly compress, as old as half an hour, so that a query over them has parts to share. */
export async function pushBulk(url: string): Promise<void> {
  const startNanos = BigInt(Date.now() - 1_800_000) * 1_000_000n;
  for (let stream = 0; stream < streams; stream++)
    for (let from = 0; from < linesOfStream; from += linesOfPush) {
      const lines = Array.from({ length: linesOfPush }, (_, i) => line(from + i));
      await pushLines(url, { app: "bulk", stream: String(stream) }, lines, startNanos + BigInt(from));
    }
}

const line = (i: number): string => `took=${taken(i)} id=${randomBytes(150).toString("base64url")}`;

/** Another question about all of it each time, and its answer. */
export function bulkQuestion(n: number): Question {
  const below = 1 + ((n * 101) % mostTaken);
  const ofStream = Array.from({ length: linesOfStream }, (_, i) => taken(i)).filter((took) => took < below).length;
  return {
    query: `sum(count_over_time({app="bulk"} | logfmt | took < ${below} [1h]))`,
    answer: ofStream * streams,
  };
}

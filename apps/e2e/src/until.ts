import { setTimeout as sleep } from "node:timers/promises";

/** The first answer of `ask` that is not undefined, empty or false; asks again for a minute. */
export async function until<T>(ask: () => Promise<T> | T, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    const isThere = Array.isArray(answer) ? answer.length > 0 : Boolean(answer);
    if (isThere) return answer;
    if (Date.now() > end) throw new Error(`it never came true, last: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

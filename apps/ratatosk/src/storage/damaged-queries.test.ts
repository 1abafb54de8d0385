import { QueryEngine } from "@ratatosk/engine";
import { unlimited } from "@ratatosk/engine/testing";
import { parseLogQuery } from "@ratatosk/logql";
import type { MemoryStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { createStore, StoreConfig } from "@ratatosk/store";
import { expect, test } from "vitest";
import { damages, filled, idx, seg } from "./testing/damages.ts";

async function answer(objects: MemoryStore): Promise<{ lines: string[]; warnings: readonly string[] }> {
  const config = StoreConfig.parse({});
  const source = createStore({ config, objects, log: createLogger("silent"), registry: new Registry() });
  const query = { start: 0n, end: 2n ** 62n, limit: 1000, forward: true, intervalNs: 0n, categorized: false };
  const expr = parseLogQuery('{app=~".+"}');
  const { result, warnings } = await new QueryEngine({ source }).lines({ ...query, expr }, unlimited);
  const lines = result.streams.flatMap(({ labels, entries }) =>
    entries.map(({ time, line }) => `${labels.join()} ${time} ${Buffer.from(line).toString()}`),
  );
  return { lines: lines.sort(), warnings };
}

/** Nothing that is left tells of the lines that are gone. */
const untold = "index file missing";

test.each(damages)("%s: a query has no wrong line, and a warning where lines are missing", async (what, _, damage) => {
  const objects = await filled();
  const whole = await answer(objects);
  await damage(objects);
  const { lines, warnings } = await answer(objects);
  expect(whole.lines).toEqual(expect.arrayContaining(lines));
  expect(new Set(lines).size, "each line once").toBe(lines.length);
  expect(lines.length === whole.lines.length || warnings.length > 0 || what === untold).toBe(true);
});

test.each([seg, idx])("a bit flipped anywhere in %s makes no wrong line", async (key) => {
  const objects = await filled();
  const whole = await answer(objects);
  const bytes = await objects.get(key);
  for (let at = 0; at < bytes.length; at += 11) {
    const copy = bytes.slice();
    copy[at]! ^= 1;
    await objects.put(key, copy);
    const { lines, warnings } = await answer(objects);
    expect(whole.lines, `byte ${at}`).toEqual(expect.arrayContaining(lines));
    expect(lines.length === whole.lines.length || warnings.length > 0, `byte ${at}`).toBe(true);
  }
});

import type { MemoryStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { damages, filled, seg } from "./testing/damages.ts";
import { type Finding, verifyTenant } from "./verify.ts";

const { signal } = new AbortController();

async function findings(objects: MemoryStore): Promise<Finding[]> {
  const found: Finding[] = [];
  await verifyTenant("fake", { objects, found: (one) => found.push(one), progress: () => undefined, signal });
  return found;
}

test("a store without damage has no findings", async () => {
  expect(await findings(await filled())).toEqual([]);
});

test.each(damages)("%s is found", async (_, kind, damage) => {
  const objects = await filled();
  await damage(objects);
  const found = await findings(objects);
  const kinds = found.map((one) => one.kind);
  // What is swapped or stale may show by its sizes first.
  expect(kinds).toSatisfy(() => kinds.includes(kind) || (kind === "disagrees" && kinds.includes("damaged")));
});

test("a bit flipped anywhere in a segment is found", async () => {
  const objects = await filled();
  const bytes = await objects.get(seg);
  for (let at = 0; at < bytes.length; at += 3) {
    const copy = bytes.slice();
    copy[at]! ^= 1;
    await objects.put(seg, copy);
    expect(await findings(objects), `byte ${at}`).not.toEqual([]);
  }
});

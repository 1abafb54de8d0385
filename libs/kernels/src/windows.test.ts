import { expect, test } from "vitest";
import { FewWindows, ManyWindows, needleWindows } from "./index.ts";
import { Random } from "./random.ts";

test("few and many windows mark the same, and what they marked before is forgotten", () => {
  const random = new Random(6);
  const [few, many] = [new FewWindows(), new ManyWindows()];
  for (let i = 0; i < 300; i++) {
    const lines = random.text(random.below(5000) + 1);
    const offsets = random.offsets(lines);
    for (const windows of [few, many]) {
      windows.clear();
      windows.add(lines, offsets);
    }
    const bits = 64 * (1 + random.below(512));
    for (const map of ["words", "groups"] as const) {
      expect(few[map].of).toBe(many[map].of);
      expect(few[map].count).toBe(many[map].count);
      expect(Buffer.compare(few[map].fold(bits), many[map].fold(bits))).toBe(0);
    }
  }
});

test("what a needle marks is marked for the lines that hold it", () => {
  const windows = new FewWindows();
  const line = Buffer.from("trace_id=0af7651916cd43dd order persisted\n");
  windows.add(line, Uint32Array.of(0, line.length));
  const { words, groups } = needleWindows(Buffer.from("16cd43dd order pers"));
  expect([words.length, groups.length].every((count) => count > 0)).toBe(true);
  const before = [windows.words.count, windows.groups.count];
  for (const hash of words) windows.words.add(hash);
  for (const hash of groups) windows.groups.add(hash);
  expect([windows.words.count, windows.groups.count]).toEqual(before);
});

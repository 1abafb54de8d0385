import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, Registry } from "@ratatosk/observability";
import { afterAll, expect, test } from "vitest";
import { Pipeline } from "../pipeline.ts";
import { Positions } from "../positions.ts";
import { TargetEvents } from "../target-events.ts";
import { ReadClock } from "../time/instant.ts";
import { FileEvents } from "./file-events.ts";
import { FileReader } from "./file-reader.ts";
import { FileTargets, type TargetDetail } from "./file-targets.ts";
import { LineScanner } from "./line-scanner.ts";

const directory = mkdtempSync(join(tmpdir(), "targets-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The sources that `/targets` shows for a pattern below the directory, once all that is there was read. */
async function detailsOf(pattern: string): Promise<TargetDetail[]> {
  const log = createLogger("silent");
  const registry = new Registry();
  const fileEvents = new FileEvents(log, registry);
  const outlet = new Pipeline([], { lines: () => undefined, entry: () => undefined, ready: () => undefined });
  const targets = new FileTargets({
    config: {
      job: "job",
      encoding: undefined,
      decompression: undefined,
      minPollMs: 10,
      maxPollMs: 10,
      syncPeriodMs: 10,
    },
    relabelRules: [],
    positions: new Positions({ filename: "", syncPeriodMs: 1, ignoreInvalidYaml: false, readOnly: true }, log),
    fileEvents,
    targetEvents: new TargetEvents(registry),
    reader: new FileReader(fileEvents, () => false),
    scanner: new LineScanner(),
    clock: new ReadClock(),
    outlet,
  });
  targets.discovered([new Map([["__path__", join(directory, pattern)]])]);
  await targets.sync();
  const details = targets.status.flatMap((status) => status.details);
  targets.stop();
  return details;
}

test("a path that matches nothing is shown with the reason", async () => {
  const [detail] = await detailsOf("nothing/*.log");
  expect(detail).toMatchObject({
    name: join(directory, "nothing/*.log"),
    lastError: "no files matched requested path",
  });
});

test("a file is shown with how far it was read", async () => {
  writeFileSync(join(directory, "good.log"), "line\n");
  expect(await detailsOf("good*")).toEqual([
    {
      name: join(directory, "good.log"),
      position: "0",
      lagBytes: 5,
      lines: 0,
      bytes: 0,
      lastError: undefined,
    },
  ]);
});

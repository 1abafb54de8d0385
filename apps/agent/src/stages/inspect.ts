import type { Entry } from "../entry.ts";
import { millisOf } from "../time/instant.ts";
import type { Stage } from "./stage.ts";

/** A stage that tells what the stage inside of it has changed, as lines of a difference. */
export function inspected(name: string, stage: Stage, tell: (text: string) => void): Stage {
  const before = new WeakMap<Entry, string[]>();
  const report = (entry: Entry): void => {
    const old = before.get(entry) ?? [];
    const now = describe(entry);
    const gone = old.filter((row) => !now.includes(row)).map((row) => `-${row}\n`);
    const come = now.filter((row) => !old.includes(row)).map((row) => `+${row}\n`);
    if (gone.length + come.length > 0) tell(`[inspect: ${name} stage]:\n${gone.join("")}${come.join("")}\n`);
  };
  const telling = (emit: (entry: Entry) => void) => (entry: Entry) => {
    report(entry);
    emit(entry);
  };
  return {
    process(entry, emit) {
      before.set(entry, describe(entry));
      stage.process(entry, telling(emit));
    },
    connect: (emit) => stage.connect?.(telling(emit)),
    ready: () => stage.ready?.(),
    flush: () => stage.flush?.(),
    close: () => stage.close?.(),
  };
}

function describe({ labels, extracted, time, text }: Entry): string[] {
  return [
    ...[...labels].map(([name, value]) => `label ${name}: ${value}`),
    ...[...extracted].map(([name, value]) => `extracted ${name}: ${JSON.stringify(value)}`),
    `time: ${new Date(millisOf(time)).toISOString()}`,
    `line: ${text}`,
  ];
}

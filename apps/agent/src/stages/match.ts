import { parseLogQuery, type LineFilter } from "@ratatosk/logql";
import type { Matcher } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";
import type { Entry } from "../entry.ts";
import { connect } from "../pipeline.ts";
import type { StageConfig } from "./build-stages.ts";
import type { Stage } from "./stage.ts";

export interface MatchOptions {
  readonly selector: string;
  readonly stages: readonly StageConfig[] | undefined;
  readonly action?: string;
  readonly dropCounterReason?: string;
}

type Test = (entry: Entry) => boolean;

/** `match`: further stages for entries that a selector selects, or their end. */
export function matchStage(options: MatchOptions): StageConfig["build"] {
  const { selector, stages, action = "keep", dropCounterReason = "match_stage" } = options;
  if (selector === "") throw new Error("selector statement required for match stage");
  if (action !== "keep" && action !== "drop") throw new Error("match stage action should be 'keep' or 'drop'");
  if (action === "keep" && stages === undefined)
    throw new Error("match stage requires at least one additional stage to be defined in '- stages'");
  if (action === "drop" && stages !== undefined)
    throw new Error("match stage configured to drop entries cannot contains stages");
  const matches = compileSelector(selector);
  return (parts) => {
    if (action === "drop") return dropper(matches, () => parts.events.dropped(dropCounterReason));
    return new Match(
      matches,
      (stages ?? []).map((stage) => stage.build(parts)),
    );
  };
}

const dropper = (matches: Test, onDrop: () => void): Stage => ({
  process(entry, emit) {
    if (matches(entry)) onDrop();
    else emit(entry);
  },
});

class Match implements Stage {
  readonly #matches: Test;
  readonly #stages: readonly Stage[];
  #inner: ((entry: Entry) => void) | undefined;

  constructor(matches: Test, stages: readonly Stage[]) {
    this.#matches = matches;
    this.#stages = stages;
  }

  connect(emit: (entry: Entry) => void): void {
    this.#inner = connect(this.#stages, emit);
  }

  process(entry: Entry, emit: (entry: Entry) => void): void {
    if (!this.#matches(entry)) return emit(entry);
    for (const [name, value] of entry.labels) entry.extracted.set(name, value);
    this.#inner!(entry);
  }

  ready(): Promise<void> | undefined {
    for (const stage of this.#stages) {
      const wait = stage.ready?.();
      if (wait) return wait;
    }
    return undefined;
  }

  flush(): void {
    for (const stage of this.#stages) stage.flush?.();
  }

  close(): void {
    for (const stage of this.#stages) stage.close?.();
  }
}

/** A test for a stream selector with line filters. Throws with Loki's text. */
export function compileSelector(selector: string): Test {
  const { matchers, stages } = parse(selector);
  const filters = stages.map((stage) => {
    if (stage.kind !== "line-filter") throw new Error(`selector may have line filters only: ${selector}`);
    return lineTest(stage);
  });
  const tests: Test[] = [...matchers.map(matcherTest), ...filters];
  return (entry) => tests.every((test) => test(entry));
}

function parse(selector: string): ReturnType<typeof parseLogQuery> {
  try {
    return parseLogQuery(selector, { allowAll: true });
  } catch (error) {
    throw new Error(`invalid selector syntax for match stage: ${(error as Error).message}`, { cause: error });
  }
}

function matcherTest({ name, op, value }: Matcher): Test {
  const regex = op === "=~" || op === "!~" ? compileRegex(value, { anchored: true, dotAll: true }) : undefined;
  const isNegative = op === "!=" || op === "!~";
  return ({ labels }) => {
    const label = labels.get(name) ?? "";
    return (regex ? regex.test(label) : label === value) !== isNegative;
  };
}

function lineTest({ op, operands }: LineFilter): Test {
  const tests = operands.map(({ value }): ((text: string) => boolean) => {
    if (op === "|=" || op === "!=") return (text) => text.includes(value);
    const regex = compileRegex(value);
    return (text) => regex.test(text);
  });
  const isNegative = op === "!=" || op === "!~";
  return (entry) => tests.some((test) => test(entry.text)) !== isNegative;
}

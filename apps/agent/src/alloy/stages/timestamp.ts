import type { StageConfig } from "../../stages/build-stages.ts";
import { labelKey } from "../../stages/label-key.ts";
import { timestampStage } from "../../stages/timestamp.ts";
import { addNanos, type Instant } from "../../time/instant.ts";
import { listOf, oneOf, text } from "../decode.ts";
import { optional, required, schema } from "../schema.ts";
import { stageKind } from "./stage-kind.ts";

interface TimestampArgs {
  readonly source: string;
  readonly format: string;
  readonly fallback_formats: readonly string[];
  readonly location: string;
  readonly action_on_failure: string;
  readonly action_on_duplicate_timestamp: "fudge" | "keep";
}

const maxRemembered = 10_000;

/** Moves a parsed time that a label set had before by a nanosecond more. */
class Duplicates {
  readonly #seen = new Map<string, { parsed: Instant; moved: Instant }>();

  apply(key: string, parsed: Instant): Instant {
    const last = this.#seen.get(key);
    const isTaken = last !== undefined && !isBefore(parsed, last.parsed) && !isBefore(last.moved, parsed);
    const moved = isTaken ? addNanos(last.moved, 1) : parsed;
    this.#seen.delete(key);
    this.#seen.set(key, { parsed: isTaken ? last.parsed : parsed, moved });
    if (this.#seen.size > maxRemembered) this.#seen.delete(this.#seen.keys().next().value!);
    return moved;
  }
}

const isBefore = (a: Instant, b: Instant): boolean =>
  a.seconds < b.seconds || (a.seconds === b.seconds && a.nanos < b.nanos);

function build(args: TimestampArgs): StageConfig["build"] {
  const parsing = timestampStage({
    source: args.source,
    format: args.format,
    fallbackFormats: args.fallback_formats,
    actionOnFailure: args.action_on_failure,
    ...(args.location === "" ? {} : { location: args.location }),
  });
  if (args.action_on_duplicate_timestamp === "keep") return parsing;
  return (parts) => {
    const stage = parsing(parts);
    const duplicates = new Duplicates();
    return {
      process(entry, emit) {
        const before = entry.time;
        stage.process(entry, (one) => {
          if (one.time !== before) one.time = duplicates.apply(labelKey(one.labels), one.time);
          emit(one);
        });
      },
    };
  };
}

export const timestampOf = stageKind(
  schema({
    attributes: {
      source: required(text),
      format: required(text),
      fallback_formats: optional(listOf(text), []),
      location: optional(text, ""),
      action_on_failure: optional(text, "fudge"),
      action_on_duplicate_timestamp: optional(oneOf("fudge", "keep"), "fudge"),
    },
  }),
  build,
);

import type { StageConfig } from "../../stages/build-stages.ts";
import { multilineStage } from "../../stages/multiline.ts";
import { everyEntry } from "../../stages/stage.ts";
import { boolean, duration, integer, text } from "../decode.ts";
import { optional, required, schema } from "../schema.ts";
import { stageKind } from "./stage-kind.ts";

interface MultilineArgs {
  readonly firstline: string;
  readonly max_lines: number;
  readonly max_wait_time: number;
  readonly trim_newlines: boolean;
}

/** Cuts the line end that `stage.docker` leaves, before lines are joined. */
const trimmed = everyEntry((entry) => {
  if (entry.text.endsWith("\n")) entry.text = entry.text.replace(/\r?\n$/, "");
});

function build(args: MultilineArgs): StageConfig["build"] {
  const joining = multilineStage({
    firstLine: args.firstline,
    maxLines: args.max_lines,
    maxWaitMs: args.max_wait_time,
  });
  if (!args.trim_newlines) return joining;
  return (parts) => {
    const stage = joining(parts);
    return {
      process: (entry, emit) => trimmed.process(entry, (one) => stage.process(one, emit)),
      connect: (emit) => stage.connect?.(emit),
      ready: () => stage.ready?.(),
      flush: () => stage.flush?.(),
      close: () => stage.close?.(),
    };
  };
}

export const multilineOf = stageKind(
  schema({
    attributes: {
      firstline: required(text),
      max_lines: optional(integer, 128),
      max_wait_time: optional(duration, 3000),
      trim_newlines: optional(boolean, true),
    },
  }),
  build,
);

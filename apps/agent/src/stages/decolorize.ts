import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";

/** Control sequences of terminals: operating system commands up to their end, and those that end with a letter. */
const sequence =
  /[\u001b\u009b][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?\u0007)|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))/g;

/** `decolorize`: removes colours and other control sequences of terminals. */
export const decolorizeStage = (): StageConfig["build"] => () =>
  everyEntry((entry) => {
    if (entry.bytes.includes(0x1b) || entry.bytes.includes(0x9b)) entry.text = entry.text.replace(sequence, "");
  });

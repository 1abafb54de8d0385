import { compileRegex } from "@ratatosk/regex";
import type { Stage } from "./stage.ts";

/** The escape sequences of terminals, as the npm package ansi-regex 3 knows them. */
const sequences =
  "[\\x{1B}\\x{9B}][\\[\\]()#;?]*(?:(?:(?:[a-zA-Z\\d]*(?:;[a-zA-Z\\d]*)*)?\\x{07})|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PRZcf-ntqry=><~]))";

/** `| decolorize`: removes colours and other escape sequences of terminals from the line. */
export function decolorizeStage(): Stage {
  const regex = compileRegex(sequences);
  return (row) => {
    const { bytes, start, end } = row;
    const line = bytes.subarray(start, end);
    if (line.includes(0x1b) || line.includes("\u009b")) row.setLine(Buffer.from(regex.replaceAll(line.toString(), "")));
    return true;
  };
}

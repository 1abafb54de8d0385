import { compileRegex } from "@ratatosk/regex";
import type { StageConfig } from "../../stages/build-stages.ts";
import { sourceText } from "../../stages/source-text.ts";
import { everyEntry } from "../../stages/stage.ts";

export interface LuhnOptions {
  readonly replacement: string;
  readonly minLength: number;
  /** Signs that may stand between digits. */
  readonly delimiters: string;
  /** Numbers that match are left alone. */
  readonly skipRegex: string;
  readonly source: string;
}

/** `stage.luhn`: masks numbers that could be those of cards. Of a source the masked text becomes the line. */
export function luhnStage({
  replacement,
  minLength,
  delimiters,
  skipRegex,
  source,
}: LuhnOptions): StageConfig["build"] {
  const between = delimiters === "" ? "" : `[${delimiters.replace(/[\]\\^-]/g, "\\$&")}]?`;
  const number = new RegExp(`\\d(?:${between}\\d)*`, "g");
  const skip = skipRegex === "" ? undefined : compileRegex(skipRegex);
  const mask = (found: string): string => {
    const digits = found.replace(/\D/g, "");
    const isCard = digits.length >= minLength && isLuhn(digits) && !skip?.test(found);
    return isCard ? replacement : found;
  };
  return () =>
    everyEntry((entry) => {
      const text = sourceText(entry, source || undefined);
      if (text === undefined) return;
      const masked = text.replace(number, mask);
      if (source !== "" || masked !== text) entry.text = masked;
    });
}

/** Every second digit from the right counts twice; the sum of all digits is a multiple of ten. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubles = false; at >= 0; at--, doubles = !doubles) {
    const digit = digits.charCodeAt(at) - 48;
    const twice = digit * 2;
    sum += doubles ? (twice > 9 ? twice - 9 : twice) : digit;
  }
  return sum % 10 === 0;
}

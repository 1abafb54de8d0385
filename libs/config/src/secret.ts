import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";

/** A text setting that `/config` and logs never show. */
export const secret = z.string().meta({ secret: true });

/** Whether a schema is a secret, seen through defaults and optionality. */
export function isSecret(schema: z.ZodType): boolean {
  if (schema.meta()?.["secret"] === true) return true;
  const inner = (schema.def as unknown as { innerType?: z.ZodType }).innerType;
  return inner !== undefined && isSecret(inner);
}

/** A secret as it is given, or as the first line of the file that holds it. Throws ConfigError when the file cannot be read. */
export function secretOrFile(value: string, file: string | undefined): string {
  if (file === undefined || file === "") return value;
  try {
    return readFileSync(file, "utf8").split(/\r?\n/, 1)[0]!;
  } catch (cause) {
    throw new ConfigError(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

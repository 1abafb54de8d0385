import { z } from "zod";

/** A text setting that `/config` and logs never show. */
export const secret = z.string().meta({ secret: true });

/** Whether a schema is a secret, seen through defaults and optionality. */
export function isSecret(schema: z.ZodType): boolean {
  if (schema.meta()?.["secret"] === true) return true;
  const inner = (schema.def as unknown as { innerType?: z.ZodType }).innerType;
  return inner !== undefined && isSecret(inner);
}

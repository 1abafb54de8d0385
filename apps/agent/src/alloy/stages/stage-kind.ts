import type { StageConfig } from "../../stages/build-stages.ts";
import { listOf, mapOf, orNull, text } from "../decode.ts";
import type { Schema } from "../schema.ts";

/** A stage block of `loki.process`: what it takes, and the stage it makes. */
export interface StageKind<T> {
  readonly schema: Schema<T>;
  readonly build: (args: T) => StageConfig["build"];
}

export const stageKind = <T>(of: Schema<T>, build: (args: T) => StageConfig["build"]): StageKind<never> => ({
  schema: of,
  build,
});

/** Values that are given and not empty, under the names that stages have. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(kept) as never;
}

export const names = listOf(text);
/** Name → source; null and "" mean the name itself. */
export const mapping = mapOf(orNull(text, ""));

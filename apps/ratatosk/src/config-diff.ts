import { isDeepStrictEqual } from "node:util";

/** The part of a configuration that differs from the defaults; sections without differences are left out. */
export function diffFromDefaults(config: unknown, defaults: unknown): Record<string, unknown> {
  const diff: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config as object)) {
    const usual = (defaults as Record<string, unknown> | undefined)?.[key];
    if (isDeepStrictEqual(value, usual)) continue;
    diff[key] = isSection(value) && isSection(usual) ? diffFromDefaults(value, usual) : value;
  }
  return diff;
}

const isSection = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

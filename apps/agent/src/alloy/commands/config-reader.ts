import type { Problem } from "../convert/convert.ts";
import { type Imported, readModules } from "../graph/import-node.ts";
import { FlagError, type ParsedFlags } from "./flags.ts";

/** Flags that say what a configuration is written in. */
export const formatFlags = {
  "config.format": "text",
  "config.bypass-conversion-errors": "switch",
  "config.extra-args": "text",
} as const;

/** Reads a configuration's text, converted first where it is Promtail's. */
export async function configReader(path: string, { texts, switches }: ParsedFlags): Promise<() => Imported[]> {
  const format = texts.get("config.format") ?? "alloy";
  if (format === "alloy") return () => readModules(path);
  if (format !== "promtail") throw new FlagError(`unsupported config format ${JSON.stringify(format)}`);
  const { convertPromtail } = await import("../convert/convert.ts");
  const bypass = switches.has("config.bypass-conversion-errors");
  const expandsEnv = expandsEnvironment(texts.get("config.extra-args"));
  return () =>
    readModules(path).map(({ name, text }) => {
      const { output, problems } = convertPromtail(text, name, expandsEnv);
      const fatal = problems.filter((problem) => isFatal(problem, bypass));
      if (fatal.length > 0) throw new FlagError(fatal.map(({ message }) => message).join("\n"));
      return { name, text: output };
    });
}

/** Whether a problem ends a conversion, where errors are bypassed or not. */
export const isFatal = ({ severity }: Problem, bypass: boolean): boolean =>
  severity === "Critical" || (severity === "Error" && !bypass);

/** Whether Promtail's flags, given as one text, ask for variables of the environment. */
export const expandsEnvironment = (extraArgs = ""): boolean =>
  /(?:^|\s)-{1,2}config\.expand-env(?:=true)?(?:\s|$)/.test(extraArgs);

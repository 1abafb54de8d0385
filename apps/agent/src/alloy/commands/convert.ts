import { readFileSync, writeFileSync } from "node:fs";
import { convertPromtail, type Problem } from "../convert/convert.ts";
import { expandsEnvironment, isFatal } from "./config-reader.ts";
import { FlagError, onlyArgument, parseFlags } from "./flags.ts";

/** `convert --source-format=promtail [-o OUT] [-r REPORT] [-b] FILE`: a Promtail configuration as Alloy text. */
export async function convertCommand(args: readonly string[]): Promise<number> {
  const known = {
    "source-format": "text",
    output: "text",
    report: "text",
    "bypass-errors": "switch",
    "extra-args": "text",
  } as const;
  const flags = parseFlags(args, known, {
    f: "source-format",
    o: "output",
    r: "report",
    b: "bypass-errors",
    e: "extra-args",
  });
  const path = onlyArgument(flags, "the file to convert, or -");
  const { texts, switches } = flags;
  if (texts.get("source-format") !== "promtail") throw new FlagError("source-format must be promtail");
  const expandsEnv = expandsEnvironment(texts.get("extra-args"));
  const name = path === "-" ? "<stdin>" : path;
  const { output, problems } = convertPromtail(readFileSync(path === "-" ? 0 : path, "utf8"), name, expandsEnv);
  const report = texts.get("report");
  if (report !== undefined) writeFileSync(report, reportOf(problems));
  const fatal = problems.filter((problem) => isFatal(problem, switches.has("bypass-errors")));
  if (fatal.length > 0) {
    process.stderr.write(reportOf(fatal));
    return 1;
  }
  const target = texts.get("output");
  if (target === undefined) process.stdout.write(output);
  else writeFileSync(target, output);
  return 0;
}

const reportOf = (problems: readonly Problem[]): string =>
  problems.map(({ severity, message }) => `(${severity}) ${message}\n`).join("");

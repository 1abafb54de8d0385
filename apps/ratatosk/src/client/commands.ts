import { type Command, Option } from "commander";
import type { ExploreOptions } from "../explore/run-explore.ts";
import type { ExportOptions } from "../export/run-export.ts";
import type { ClientOptions } from "./api.ts";

interface Outcome {
  code: number;
}

/** The commands that ask a server: any that speaks Loki's API. */
export function addClientCommands(program: Command, outcome: Outcome): void {
  withServer(program.command("query").description("run a LogQL query, print what it finds"))
    .argument("<query>", "LogQL")
    .addOption(sinceOption())
    .addOption(fromOption())
    .addOption(toOption())
    .option("--limit <count>", "most lines to print", "100")
    .option("--step <duration>", "resolution of a metric query")
    .option("--forward", "oldest lines first")
    .option("--instant", "ask for one moment, the end of the range")
    .option("--follow", "print what comes, until interrupted")
    .option("--stats", "tell what the query read, on standard error")
    .addOption(
      new Option("--output <format>", "how lines are printed").choices(["default", "raw", "jsonl"]).default("default"),
    )
    .addOption(new Option("--color <when>", "colours by level").choices(["auto", "always", "never"]).default("auto"))
    .addOption(
      new Option("--timezone <zone>", "of printed times; local on a terminal, else utc").choices(["local", "utc"]),
    )
    .action(async (query: string, options: ClientOptions) => {
      const { runQuery } = await import("./query.ts");
      outcome.code = await runQuery(query, options);
    });
  withServer(program.command("labels").description("print the names of labels, or the values of one"))
    .argument("[name]", "a label")
    .addOption(sinceOption())
    .addOption(fromOption())
    .addOption(toOption())
    .action(async (name: string | undefined, options: ClientOptions) => {
      const { runLabels } = await import("./labels.ts");
      outcome.code = await runLabels(name, options);
    });
  withServer(program.command("series").description("print the streams that match a selector"))
    .argument("<selector>", 'such as {app=~".+"}')
    .addOption(sinceOption())
    .addOption(fromOption())
    .addOption(toOption())
    .action(async (selector: string, options: ClientOptions) => {
      const { runSeries } = await import("./labels.ts");
      outcome.code = await runSeries(selector, options);
    });
  withServer(
    program.command("export").description("write all lines of a range to a file, oldest first; can be resumed"),
  )
    .argument("<query>", "LogQL that finds lines")
    .addOption(sinceOption())
    .addOption(fromOption())
    .addOption(toOption())
    .option("--file <path>", "where to; standard output without it")
    .addOption(new Option("--format <format>", "of a line").choices(["jsonl", "csv"]).default("jsonl"))
    .option("--batch <lines>", "lines asked for at once", "5000")
    .action(async (query: string, options: ExportOptions) => {
      const { runExport } = await import("../export/run-export.ts");
      outcome.code = await runExport(query, options);
    });
  withServer(program.command("push").description("send the lines of standard input"))
    .option("--label <name=value>", "a label of the stream, may be repeated", collect, [])
    .action(async (options: ClientOptions & { label: string[] }) => {
      const { runPush } = await import("./push.ts");
      outcome.code = await runPush(options);
    });
  withServer(
    program.command("explore").description("serve the Explore page here, showing the logs of any server, also of Loki"),
  )
    .option("--listen <address>", "where the page is served, HOST:PORT", "127.0.0.1:3101")
    .action(async (options: ExploreOptions) => {
      const { runExplore } = await import("../explore/run-explore.ts");
      outcome.code = await runExplore(options);
    });
}

/** Options that say which server is asked, and by whom. */
export function withServer(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "the server").env("LOKI_ADDR").default("http://127.0.0.1:3100"))
    .addOption(new Option("--tenant <id>", "sent as X-Scope-OrgID").env("LOKI_ORG_ID"))
    .addOption(new Option("--username <name>", "for basic authentication").env("LOKI_USERNAME"))
    .addOption(new Option("--password <password>", "for basic authentication").env("LOKI_PASSWORD"))
    .addOption(new Option("--bearer-token <token>", "sent as Authorization: Bearer").env("LOKI_BEARER_TOKEN"))
    .addOption(new Option("--ca-cert <file>", "authorities to believe, PEM").env("LOKI_CA_CERT_PATH"));
}

const sinceOption = (): Option => new Option("--since <duration>", "how far back to look").default("1h");
const fromOption = (): Option =>
  new Option(
    "--from <time>",
    'start instead of --since: 2026-01-31T14:05:00Z, "2026-01-31 14:05", unix time, or 2h ago as 2h',
  );
const toOption = (): Option => new Option("--to <time>", "end, written as --from; now without it");
/** For options that may be repeated. */
export const collect = (value: string, before: string[]): string[] => [...before, value];

import { RatatoskError } from "@ratatosk/model";
import { expanded } from "../../config/expanded.ts";
import { readJobs } from "../../config/jobs.ts";
import { type Fields, parseYaml, type YamlNode } from "../../config/yaml-node.ts";
import { convertClient } from "./clients.ts";
import { convertJob, type JobContext } from "./jobs.ts";
import { attribute, Raw, sizeText, writeAlloy, type Written, written } from "./writer.ts";

/** What whoever converts should know. `Critical` ends the conversion, `Error` does so unless it is bypassed. */
export interface Problem {
  readonly severity: "Info" | "Warning" | "Error" | "Critical";
  readonly message: string;
}

export interface Conversion {
  /** Alloy text, "" where the conversion has failed. */
  readonly output: string;
  readonly problems: readonly Problem[];
}

const defaultPositionsFile = "/var/log/positions.yaml";

/** A Promtail configuration as Alloy text. */
export function convertPromtail(text: string, name: string, expandsEnv = false): Conversion {
  const problems: Problem[] = [];
  try {
    const source = expandsEnv ? expanded(text) : text;
    const root = parseYaml(source, name);
    const unsupported: string[] = [];
    const usual = { minPollMs: 250, maxPollMs: 250, syncPeriodMs: 10_000, warnings: [] };
    readJobs(root.open().take("scrape_configs"), { ...usual, unsupported });
    problems.push(...unsupported.map((message) => ({ severity: "Error" as const, message })));
    const blocks = root.fields((fields) => convertAll(fields, problems));
    return { output: writeAlloy(blocks), problems };
  } catch (error) {
    if (!(error instanceof RatatoskError)) throw error;
    return { output: "", problems: [...problems, { severity: "Critical", message: error.message }] };
  }
}

function convertAll(fields: Fields, problems: Problem[]): Written[] {
  const clients = [...fields.list("clients"), ...[fields.take("client")].filter((one) => one !== undefined)];
  const labels = clients.map((_, at) => (at === 0 ? "default" : `default_${at + 1}`));
  const context: JobContext = {
    writers: labels.map((label) => new Raw(`loki.write.${label}.receiver`)),
    syncPeriodMs: fields.take("target_config")?.entries().get("sync_period")?.duration() ?? 10_000,
    positionsFile: fields.take("positions")?.entries().get("filename")?.text() ?? defaultPositionsFile,
    limits: limitStages(fields.take("limits_config")),
  };
  const logging = convertServer(fields.take("server"), problems);
  const taken = new Set<string>();
  const jobs = fields.list("scrape_configs").flatMap((node) => convertJob(node.open(), jobLabel(node, taken), context));
  reportRest(fields, problems);
  return [...logging, ...jobs, ...clients.map((client, at) => convertClient(client, labels[at]!))];
}

/** A job's name as a label; a name that is taken gets a number. */
function jobLabel(node: YamlNode, taken: Set<string>): string {
  const plain = (node.entries().get("job_name")?.text() ?? "").replace(/\W/g, "_").replace(/^(?=\d)/, "_");
  let label = plain;
  for (let count = 2; taken.has(label); count++) label = `${plain}_${count}`;
  taken.add(label);
  return label;
}

function convertServer(node: YamlNode | undefined, problems: Problem[]): Written[] {
  const server = node?.entries();
  const level = server?.get("log_level")?.text() ?? "info";
  if (server?.get("http_path_prefix"))
    problems.push({
      severity: "Error",
      message: "http_path_prefix is not supported: use --server.http.ui-path-prefix",
    });
  return level === "info" ? [] : [written("logging", [attribute("level", level)])];
}

/** Limits of all jobs, as the first stages of each. */
function limitStages(node: YamlNode | undefined): () => Written[] {
  const limits = node?.entries();
  const isOn = (key: string): boolean => limits?.get(key)?.boolean() ?? false;
  const number = (key: string, usual: number): number => limits?.get(key)?.number() ?? usual;
  const maxLine = limits?.get("max_line_size")?.bytes() ?? 0;
  return () => {
    const stages: Written[] = [];
    if (isOn("readline_rate_enabled"))
      stages.push(
        written("stage.limit", [
          attribute("rate", number("readline_rate", 10_000)),
          attribute("burst", number("readline_burst", 10_000)),
          (limits?.get("readline_rate_drop")?.boolean() ?? true) ? attribute("drop", true) : undefined,
        ]),
      );
    if (maxLine > 0 && isOn("max_line_size_truncate"))
      stages.push(written("stage.truncate", [written("rule", [attribute("limit", sizeText(maxLine))])]));
    else if (maxLine > 0) stages.push(written("stage.drop", [attribute("longer_than", sizeText(maxLine))]));
    return stages;
  };
}

function reportRest(fields: Fields, problems: Problem[]): void {
  const wal = fields.take("wal")?.entries().get("enabled")?.boolean() ?? false;
  if (wal)
    problems.push({ severity: "Error", message: "Promtail's WAL has no counterpart: batches wait on disk without it" });
  if (fields.take("tracing")?.entries().get("enabled")?.boolean())
    problems.push({ severity: "Error", message: "tracing is not supported" });
  fields.ignore("global", "options", "buffer");
  problems.push({
    severity: "Warning",
    message: "the names of metrics change: promtail_… becomes loki_source_…, loki_process_… and loki_write_…",
  });
  problems.push({
    severity: "Info",
    message: "equal times that stages read are moved apart by a nanosecond; Promtail leaves them equal",
  });
}

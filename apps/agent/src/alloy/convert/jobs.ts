import type { Fields, YamlNode } from "../../config/yaml-node.ts";
import { httpParts, tlsBlock } from "./clients.ts";
import { convertStages } from "./stages.ts";
import { attribute, durationText, Raw, sizeText, unless, type Written, type WrittenValue, written } from "./writer.ts";

/** What all jobs share. */
export interface JobContext {
  readonly writers: readonly Raw[];
  readonly syncPeriodMs: number;
  readonly positionsFile: string;
  /** Stages that come before a job's own: limits of lines and sizes. */
  readonly limits: () => readonly Written[];
}

const text = (fields: Fields, key: string, as = key): Written | undefined => unless(as, fields.take(key)?.text(), "");
const flag = (fields: Fields, key: string, as = key): Written | undefined => unless(as, fields.boolean(key), false);
const duration = (fields: Fields, key: string, usualMs: number): Written | undefined => {
  const ms = fields.duration(key, usualMs);
  return ms === usualMs ? undefined : attribute(key, durationText(ms));
};
const labelsOf = (fields: Fields): Written | undefined => {
  const labels = fields.textMap("labels");
  return labels.size > 0 ? attribute("labels", labels) : undefined;
};

/** The blocks of a job: discovery, stages, rules, source. */
export function convertJob(fields: Fields, label: string, context: JobContext): Written[] {
  fields.ignore("job_name");
  const stages = [...context.limits(), ...convertStages(fields.take("pipeline_stages"))];
  const rules = (fields.take("relabel_configs")?.list() ?? []).map(convertRule);
  const forward =
    stages.length > 0
      ? attribute("forward_to", [new Raw(`loki.process.${label}.receiver`)])
      : attribute("forward_to", context.writers);
  const process =
    stages.length > 0 ? [written("loki.process", [attribute("forward_to", context.writers), ...stages], label)] : [];
  const parts = { fields, label, context, rules, forward };
  const { before, source } = sourceOf(parts);
  return [...before, ...process, ...source];
}

interface JobParts {
  readonly fields: Fields;
  readonly label: string;
  readonly context: JobContext;
  readonly rules: readonly Written[];
  readonly forward: Written;
}

interface Converted {
  /** What finds targets. */
  readonly before: readonly Written[];
  /** Rules and source. */
  readonly source: readonly Written[];
}

function sourceOf(parts: JobParts): Converted {
  const { fields } = parts;
  const journal = fields.take("journal");
  const syslog = fields.take("syslog");
  const push = fields.take("loki_push_api");
  const engines = fields.list("docker_sd_configs");
  const converted = [
    ...(journal ? [single(parts, (rules) => journalSource(journal, parts, rules))] : []),
    ...(syslog ? [single(parts, (rules) => syslogSource(syslog, parts, rules))] : []),
    ...(push ? [single(parts, (rules) => pushSource(push, parts, rules))] : []),
    ...engines.map((engine, at) => dockerSource(engine, parts, at)),
    ...fileSource(parts),
  ];
  return {
    before: converted.flatMap(({ before }) => before),
    source: distinctBlocks(converted.flatMap(({ source }) => source)),
  };
}

/** Several sources of a job use the same rules. */
const distinctBlocks = (blocks: readonly Written[]): Written[] =>
  blocks.filter((one, at) => blocks.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at);

/** Rules for sources that relabel entries themselves. */
const ruleBlock = ({ rules, label }: JobParts): Written[] =>
  rules.length > 0 ? [written("discovery.relabel", [attribute("targets", []), ...rules], label)] : [];

const rulesReference = ({ rules, label }: JobParts): Written =>
  attribute("relabel_rules", rules.length > 0 ? new Raw(`discovery.relabel.${label}.rules`) : null);

const single = (parts: JobParts, source: (rules: Written) => Written): Converted => ({
  before: [],
  source: [...ruleBlock(parts), source(rulesReference(parts))],
});

function fileSource({ fields, label, context, rules, forward }: JobParts): Converted[] {
  const statics = fields.list("static_configs").flatMap(staticTargets);
  const files = fields.list("file_sd_configs").map((node, at) => fileDiscovery(node, numbered(label, at)));
  const swarms = fields.list("dockerswarm_sd_configs").map((node, at) => engineBlock(node, numbered(label, at), true));
  const encoding = text(fields, "encoding");
  const decompression = convertDecompression(fields.take("decompression"));
  if (statics.length + files.length + swarms.length === 0) return [];
  const found = [...files, ...swarms].map((one) => new Raw(`${one.name}.${"label" in one ? one.label! : ""}.targets`));
  const all = found.length === 0 ? statics : concatenated(statics.length > 0 ? [...found, statics] : found);
  const relabelled =
    rules.length > 0 ? [written("discovery.relabel", [attribute("targets", all), ...rules], label)] : [];
  const targets = rules.length > 0 ? new Raw(`discovery.relabel.${label}.output`) : all;
  const source = written(
    "loki.source.file",
    [
      attribute("targets", targets),
      forward,
      encoding,
      decompression,
      written("file_match", [
        attribute("enabled", true),
        context.syncPeriodMs === 10_000 ? undefined : attribute("sync_period", durationText(context.syncPeriodMs)),
      ]),
      attribute("legacy_positions_file", context.positionsFile),
    ],
    label,
  );
  return [{ before: [...files, ...swarms], source: [...relabelled, source] }];
}

/** One list of several: where it is one reference alone, that one. */
function concatenated(lists: readonly WrittenValue[]): WrittenValue {
  const [only, ...others] = lists;
  if (others.length === 0) return only!;
  const shown = lists.map((list) => (list instanceof Raw ? list.text : literal(list)));
  return new Raw(`array.concat(${shown.join(", ")})`);
}

const literal = (value: WrittenValue): string =>
  `[${(value as readonly ReadonlyMap<string, string>[]).map((target) => `{${Array.from(target, ([name, one]) => `${JSON.stringify(name)} = ${JSON.stringify(one)}`).join(", ")}}`).join(", ")}]`;

const numbered = (label: string, at: number): string => (at === 0 ? label : `${label}_${at + 1}`);

const staticTargets = (node: YamlNode): Map<string, string>[] =>
  node.fields((fields) => {
    const labels = fields.textMap("labels");
    const addresses = fields.texts("targets");
    const all = addresses.length > 0 ? addresses : ["localhost"];
    return all.map((address) => new Map([["__address__", address], ...labels]));
  });

const fileDiscovery = (node: YamlNode, label: string): Written =>
  node.fields((fields) =>
    written(
      "discovery.file",
      [attribute("files", fields.texts("files")), duration(fields, "refresh_interval", 300_000)],
      label,
    ),
  );

const convertDecompression = (node: YamlNode | undefined): Written | undefined =>
  node?.fields((fields) =>
    written("decompression", [
      attribute("enabled", fields.boolean("enabled")),
      duration(fields, "initial_delay", 0),
      text(fields, "format"),
    ]),
  );

/** How a Docker engine is asked for containers, or a swarm's manager for its parts. */
function engineBlock(node: YamlNode, label: string, isSwarm: boolean): Written {
  return node.fields((fields) => {
    const filters = fields
      .list("filters")
      .map((one) =>
        one.fields((filter) =>
          written("filter", [attribute("name", filter.text("name")), attribute("values", filter.texts("values"))]),
        ),
      );
    const networks = isSwarm
      ? [text(fields, "role")]
      : [
          unless("host_networking_host", fields.text("host_networking_host", "localhost"), "localhost"),
          unless("match_first_network", fields.boolean("match_first_network", true), true),
        ];
    return written(
      isSwarm ? "discovery.dockerswarm" : "discovery.docker",
      [
        attribute("host", fields.text("host")),
        unless("port", fields.integer("port", 80), 80),
        ...networks,
        duration(fields, "refresh_interval", 60_000),
        ...filters,
        ...httpParts(fields),
      ],
      label,
    );
  });
}

function dockerSource(node: YamlNode, parts: JobParts, at: number): Converted {
  const label = numbered(parts.label, at);
  const [host, refresh] = [node.entries().get("host")!.text(), node.entries().get("refresh_interval")];
  const everyMs = refresh?.duration() ?? 60_000;
  const source = written(
    "loki.source.docker",
    [
      attribute("host", host),
      attribute("targets", new Raw(`discovery.docker.${label}.targets`)),
      parts.forward,
      rulesReference(parts),
      everyMs === 60_000 ? undefined : attribute("refresh_interval", durationText(everyMs)),
    ],
    label,
  );
  return { before: [engineBlock(node, label, false)], source: [...ruleBlock(parts), source] };
}

const syslogSource = (node: YamlNode, { label, forward }: JobParts, rules: Written): Written =>
  node.fields((fields) =>
    written(
      "loki.source.syslog",
      [
        written("listener", [
          text(fields, "listen_address", "address"),
          unless("protocol", fields.text("listen_protocol", "tcp"), "tcp"),
          duration(fields, "idle_timeout", 120_000),
          flag(fields, "label_structured_data"),
          labelsOf(fields),
          flag(fields, "use_incoming_timestamp"),
          flag(fields, "use_rfc5424_message"),
          attribute("max_message_length", fields.integer("max_message_length", 0)),
          tlsBlock(fields),
          unless("syslog_format", fields.text("syslog_format", "rfc5424"), "rfc5424"),
          attribute("udp_queue_size", 0),
          attribute("udp_host_cache_size", 0),
        ]),
        forward,
        rules,
      ],
      label,
    ),
  );

const pushSource = (node: YamlNode, { label, forward }: JobParts, rules: Written): Written =>
  node.fields((fields) => {
    const server = fields.take("server")?.entries();
    const of = (key: string): Written | undefined => {
      const port = server?.get(`${key}_listen_port`);
      const address = server?.get(`${key}_listen_address`);
      if (port === undefined && address === undefined) return undefined;
      return written(key, [
        address && attribute("listen_address", address.text()),
        port && attribute("listen_port", port.integer()),
      ]);
    };
    const incoming = flag(fields, "use_incoming_timestamp");
    const labels = labelsOf(fields);
    return written(
      "loki.source.api",
      [
        of("http"),
        of("grpc"),
        attribute("graceful_shutdown_timeout", "0s"),
        forward,
        labels,
        rules,
        incoming,
        attribute("max_send_message_size", sizeText(fields.bytes("max_send_msg_size", 0))),
      ],
      label,
    );
  });

const journalSource = (node: YamlNode, { label, forward }: JobParts, rules: Written): Written =>
  node.fields((fields) =>
    written(
      "loki.source.journal",
      [
        flag(fields, "json", "format_as_json"),
        duration(fields, "max_age", 7 * 3_600_000),
        text(fields, "path"),
        text(fields, "matches"),
        rules,
        forward,
        labelsOf(fields),
      ],
      label,
    ),
  );

const convertRule = (node: YamlNode): Written =>
  node.fields((fields) => {
    const sources = fields.texts("source_labels");
    return written("rule", [
      sources.length > 0 ? attribute("source_labels", sources) : undefined,
      unless("separator", fields.text("separator", ";"), ";"),
      unless("regex", fields.text("regex", "(.*)"), "(.*)"),
      unless("modulus", fields.integer("modulus", 0), 0),
      text(fields, "target_label"),
      unless("replacement", fields.text("replacement", "$1"), "$1"),
      unless("action", fields.text("action", "replace").toLowerCase(), "replace"),
    ]);
  });

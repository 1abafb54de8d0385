import type { Limits } from "@ratatosk/config";
import { parseLabelText } from "@ratatosk/logql";
import { compareText, formatLabels, type Label, labelValue, RatatoskError } from "@ratatosk/model";
import { normalLevel } from "./levels/level.ts";
import type { Policies } from "./policies.ts";
import type { Refusal } from "./refusals.ts";

/** Label texts of a tenant that are remembered; the longest kept. */
const maxRemembered = 50_000;
const longestRemembered = 16_384;

/** A stream as its label text tells it. */
export interface StreamLabels {
  /** The canonical text, which is the stream's identity. */
  readonly text: string;
  readonly labels: readonly Label[];
  /** Why none of its entries is taken, undefined where all is well. */
  readonly refusal: Refusal | undefined;
  /** The level that a label tells. */
  readonly level: string | undefined;
  readonly policy: string;
  /** It holds what this system wrote about its streams, not what a client sent. */
  readonly internal: boolean;
}

/** Parses, completes and checks label sets by the limits of a tenant, each text once. */
export class StreamResolver {
  readonly #tenant: string;
  readonly #limits: Limits;
  readonly #policies: Policies;
  #known = new Map<string, StreamLabels>();
  #older = new Map<string, StreamLabels>();

  constructor(tenant: string, limits: Limits, policies: Policies) {
    this.#tenant = tenant;
    this.#limits = limits;
    this.#policies = policies;
  }

  /** The stream of a label text. Throws bad_request where the text cannot be parsed: the whole push is refused then. */
  resolve(text: string): StreamLabels {
    const known = this.#known.get(text) ?? this.#older.get(text);
    if (known !== undefined) return known;
    const stream = this.#read(parse(text));
    this.#remember(text, stream);
    return stream;
  }

  /** The stream of a label text to which backfill labels are added. */
  resolveBackfill(text: string, shard: string): StreamLabels {
    const labels = parse(text);
    if (labels.some(([name]) => name === "__backfill__" || name === "__backfill_shard__"))
      throw new RatatoskError(
        "bad_request",
        "streams must not contain the reserved labels __backfill__ or __backfill_shard__; set the X-Loki-Backfill-Shard header to mark a push as backfill data",
      );
    return this.#read([...labels, ["__backfill__", "true"], ["__backfill_shard__", shard]]);
  }

  /** Two generations: what has not been asked for while the younger one filled is forgotten. */
  #remember(text: string, stream: StreamLabels): void {
    if (text.length > longestRemembered) return;
    if (this.#known.size >= maxRemembered / 2) {
      this.#older = this.#known;
      this.#known = new Map();
    }
    this.#known.set(text, stream);
  }

  #read(parsed: readonly Label[]): StreamLabels {
    const internal = parsed.some(([name]) => name === "__aggregated_metric__" || name === "__pattern__");
    const labels = parsed.filter(([, value]) => value !== "");
    if (!internal) this.#addServiceName(labels);
    labels.sort(([a], [b]) => compareText(a, b));
    const text = formatLabels(labels);
    const policy = this.#policies.of(labels);
    const level = this.#limits.discover_log_levels ? this.#level(labels) : undefined;
    return { text, labels, internal, policy, level, refusal: this.#check(labels, text, policy) };
  }

  #addServiceName(labels: Label[]): void {
    const sources = this.#limits.discover_service_name;
    if (sources.length === 0 || labels.some(([name]) => name === "service_name")) return;
    const source = sources.find((name) => labelValue(labels, name) !== undefined);
    labels.push(["service_name", source === undefined ? "unknown_service" : labelValue(labels, source)!]);
  }

  #level(labels: readonly Label[]): string | undefined {
    for (const field of this.#limits.log_level_fields) {
      const value = labelValue(labels, field);
      if (value !== undefined) return normalLevel(value);
    }
    return undefined;
  }

  #check(labels: readonly Label[], text: string, policy: string): Refusal | undefined {
    const limits = this.#limits;
    if (labels.length === 0)
      return { reason: "missing_labels", message: "error at least one label pair is required per stream" };
    const names = labels.filter(([name]) => name !== "service_name").length;
    if (names > limits.max_label_names_per_series)
      return {
        reason: "max_label_names_per_series",
        message: `entry for stream '${text}' has ${names} label names; limit ${limits.max_label_names_per_series}`,
      };
    let before = "";
    for (const [name, value] of labels) {
      if (Buffer.byteLength(name) > limits.max_label_name_length)
        return { reason: "label_name_too_long", message: `stream '${text}' has label name too long: '${name}'` };
      if (Buffer.byteLength(value) > limits.max_label_value_length)
        return { reason: "label_value_too_long", message: `stream '${text}' has label value too long: '${value}'` };
      if (name === before)
        return { reason: "duplicate_label_names", message: `stream '${text}' has duplicate label name: '${name}'` };
      before = name;
    }
    return this.#missing(labels, text, policy);
  }

  #missing(labels: readonly Label[], text: string, policy: string): Refusal | undefined {
    const required = [...this.#limits.enforced_labels, ...this.#policies.enforcedLabels(policy)];
    const missing = required.filter((name) => labelValue(labels, name) === undefined);
    if (missing.length === 0) return undefined;
    return {
      reason: "missing_enforced_labels",
      message: `missing required labels '${missing.join(",")}' for user '${this.#tenant}' for stream '${text}' (policy: '${policy}')`,
    };
  }
}

function parse(text: string): readonly Label[] {
  try {
    return parseLabelText(text);
  } catch (error) {
    const { message } = RatatoskError.from(error);
    throw new RatatoskError("bad_request", `couldn't parse labels: ${message}`, { cause: error });
  }
}

import { parseDuration } from "@ratatosk/config";
import { RatatoskError } from "@ratatosk/model";

/** A period of Loki's `schema_config`: how the index and chunks of its days are laid out. */
export interface Period {
  /** First day, milliseconds since 1970; the period ends where the next begins. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly store: "boltdb-shipper" | "tsdb";
  readonly schema: number;
  /** Begins the folder's name before the table's number: `index/index_`. */
  readonly prefix: string;
  readonly tableMs: number;
}

interface RawPeriod {
  from?: unknown;
  store?: unknown;
  schema?: unknown;
  index?: { prefix?: unknown; period?: unknown; path_prefix?: unknown } | null;
}

/** Reads the parsed YAML of a `schema_config` file. Throws bad_request naming what is wrong. */
export function readSchemaConfig(yaml: unknown): Period[] {
  const configs = (yaml as { schema_config?: { configs?: unknown } } | undefined)?.schema_config?.configs;
  if (!Array.isArray(configs) || configs.length === 0) throw bad("expected schema_config.configs, a list of periods");
  const periods = (configs as (RawPeriod | null)[]).map(readPeriod).sort((a, b) => a.fromMs - b.fromMs);
  return periods.map((period, i) => ({ ...period, untilMs: periods[i + 1]?.fromMs ?? Infinity }));
}

function readPeriod(period: RawPeriod | null): Omit<Period, "untilMs"> {
  const { from, store, schema } = period ?? {};
  const index = period?.index ?? {};
  const fromMs = from instanceof Date ? from.getTime() : Date.parse(String(from));
  if (Number.isNaN(fromMs)) throw bad(`from: expected a day such as 2024-01-31, got ${String(from)}`);
  if (store !== "boltdb-shipper" && store !== "tsdb")
    throw bad(`store: expected boltdb-shipper or tsdb, got ${String(store)}`);
  const version = Number(/^v(\d+)$/.exec(String(schema))?.[1]);
  if (!(version >= 9 && version <= 13)) throw bad(`schema: expected v9 to v13, got ${String(schema)}`);
  const tableMs = parseDuration(typeof index.period === "string" ? index.period : "24h");
  if (tableMs === undefined || tableMs <= 0)
    throw bad(`index.period: expected a duration, got ${String(index.period)}`);
  const path = typeof index.path_prefix === "string" ? index.path_prefix : "index/";
  const name = typeof index.prefix === "string" ? index.prefix : "index_";
  return { fromMs, store, schema: version, prefix: `${path}${name}`, tableMs };
}

const bad = (why: string): RatatoskError => new RatatoskError("bad_request", why);

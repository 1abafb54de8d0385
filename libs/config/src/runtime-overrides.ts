import { createHash } from "node:crypto";
import { z } from "zod";
import { type Limits, LimitsConfig, type LimitsSource } from "./limits.ts";
import { loadConfig } from "./load.ts";
import { readTexts, settledTexts } from "./settled-texts.ts";
import { duration } from "./units.ts";

/** `runtime_config`: a file whose limits for single tenants are read again while the process runs. */
export const RuntimeConfig = z.strictObject({
  file: z.string().prefault("").describe("Files with limits for single tenants, comma-separated, the later count."),
  period: duration.prefault("10s").describe("How often the files are read again."),
});
export type RuntimeConfig = z.infer<typeof RuntimeConfig>;

const pushLogging = z.strictObject({
  log_stream_creation: z.boolean().optional(),
  log_push_request: z.boolean().optional(),
  log_push_request_streams: z.boolean().optional(),
  log_duplicate_metrics: z.boolean().optional(),
  log_duplicate_stream_info: z.boolean().optional(),
  log_service_name_discovery: z.boolean().optional(),
  log_hash_of_labels: z.boolean().optional(),
  log_otlp_attribute_expansion: z.boolean().optional(),
  filter_push_request_streams_ips: z.array(z.string()).optional(),
  limited_log_push_errors: z.boolean().optional(),
});

const OverridesFile = z.strictObject({
  overrides: z.record(z.string(), LimitsConfig.nullable()).prefault({}),
  configs: z.record(z.string(), pushLogging.nullable()).prefault({}),
  multi_kv_config: z.looseObject({}).optional(),
});

export interface RuntimeOverridesModules {
  readonly config: RuntimeConfig;
  /** Limits of tenants that the file does not name. */
  readonly defaults: Limits;
  /** Told of every reading of the files. */
  readonly onReload?: (event: { ok: true; sha256: string } | { ok: false; error: Error }) => void;
}

/** The limits of each tenant. A file that cannot be used leaves the last good one in force; at the start it is fatal. */
export class RuntimeOverrides implements LimitsSource {
  readonly #modules: RuntimeOverridesModules;
  #overrides: ReadonlyMap<string, Limits> = new Map();
  #texts: readonly string[] = [];
  #isReading = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(modules: RuntimeOverridesModules) {
    this.#modules = modules;
  }

  forTenant(tenant: string): Limits {
    return this.#overrides.get(tenant) ?? this.#modules.defaults;
  }

  /** The tenants that have limits of their own. */
  tenants(): string[] {
    return [...this.#overrides.keys()];
  }

  /** Reads the files; throws ConfigError when they cannot be used. Then reads them again every period. */
  async start(): Promise<void> {
    if (this.#modules.config.file === "") return;
    this.#use(await readTexts(this.#files()));
    this.#timer = setInterval(() => void this.#tryReload(), this.#modules.config.period).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #tryReload(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const texts = await settledTexts(this.#files(), this.#texts);
      if (texts !== undefined) this.#use(texts);
    } catch (error) {
      this.#modules.onReload?.({ ok: false, error: error as Error });
    } finally {
      this.#isReading = false;
    }
  }

  #use(texts: readonly string[]): void {
    if (texts.some((text, i) => text !== this.#texts[i])) {
      const merged = new Map<string, Limits>();
      for (const [i, file] of this.#files().entries())
        for (const [tenant, limits] of this.#read(texts[i]!, file, merged)) merged.set(tenant, limits);
      this.#overrides = merged;
      this.#texts = texts;
    }
    this.#modules.onReload?.({ ok: true, sha256: createHash("sha256").update(texts.join("\0")).digest("hex") });
  }

  #files(): string[] {
    return this.#modules.config.file.split(",").map((file) => file.trim());
  }

  /** Each tenant's limits: those of the file before it, changed by the settings that its block names. */
  *#read(text: string, file: string, before: ReadonlyMap<string, Limits>): Iterable<[string, Limits]> {
    const { overrides } = loadConfig(OverridesFile, { text, file });
    const named = loadConfig(z.looseObject({ overrides: z.record(z.string(), z.unknown()).prefault({}) }), {
      text,
      file,
    });
    for (const [tenant, limits] of Object.entries(overrides)) {
      if (limits === null) continue;
      const keys = Object.keys(named.overrides[tenant] as object) as (keyof Limits)[];
      const changed = Object.fromEntries(keys.map((key) => [key, limits[key]]));
      yield [tenant, { ...(before.get(tenant) ?? this.#modules.defaults), ...changed }];
    }
  }
}

import type { Limits, LimitsSource } from "@ratatosk/config";
import type { OtlpRules } from "@ratatosk/http";
import { FieldNames } from "./levels/field-names.ts";
import { GenericFields } from "./generic-fields.ts";
import { MetadataColumns } from "./metadata-columns.ts";
import { otlpRules } from "./otlp-rules.ts";
import { Policies } from "./policies.ts";
import { TokenBucket } from "@ratatosk/model";
import { StreamResolver } from "./stream-labels.ts";

/** Tenants whose compiled limits are kept; one not heard of longest is forgotten first. */
const maxTenants = 1000;

/** A tenant's limits made ready for use, for as long as they stay the same. */
export interface Tenant {
  readonly id: string;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly streams: StreamResolver;
  readonly levelFields: FieldNames;
  readonly genericFields: GenericFields;
  readonly metadata: MetadataColumns;
  readonly otlp: OtlpRules;
  readonly bucket: TokenBucket;
}

/** The tenants that push, each with its limits made ready and its token bucket. */
export class Tenants {
  readonly #limits: LimitsSource;
  readonly #otlpLabels: readonly string[];
  readonly #known = new Map<string, Tenant>();

  constructor(limits: LimitsSource, otlpLabels: readonly string[]) {
    this.#limits = limits;
    this.#otlpLabels = otlpLabels;
  }

  get(id: string, nowMs: number): Tenant {
    const limits = this.#limits.forTenant(id);
    const known = this.#known.get(id);
    if (known?.limits === limits) return known;
    const tenant = this.#create(id, limits, known?.bucket ?? new TokenBucket(burstBytes(limits), nowMs));
    if (known === undefined && this.#known.size === maxTenants) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(id, tenant);
    return tenant;
  }

  #create(id: string, limits: Limits, bucket: TokenBucket): Tenant {
    const policies = new Policies(limits);
    return {
      id,
      limits,
      policies,
      bucket,
      streams: new StreamResolver(id, limits, policies),
      levelFields: new FieldNames(limits.log_level_fields),
      genericFields: new GenericFields(limits.discover_generic_fields.fields),
      metadata: new MetadataColumns(limits.log_level_fields),
      otlp: otlpRules(limits, this.#otlpLabels),
    };
  }
}

/** Bytes that a tenant may push at once. */
export const burstBytes = (limits: Limits): number => Math.trunc(limits.ingestion_burst_size_mb * 2 ** 20);

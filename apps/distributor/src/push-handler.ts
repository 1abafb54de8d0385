import type { BatchId } from "@ratatosk/chunk";
import {
  type BodyLimits,
  ByteBudget,
  type ByteLease,
  decodeOtlp,
  decodePush,
  type HttpRequest,
  type OtlpRules,
  PushedEntries,
  receiveOtlp,
  receivePush,
} from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { inSpan } from "@ratatosk/observability";
import type { PushAnswer } from "@ratatosk/proto";
import { BlockBuilder } from "./block-builder.ts";
import type { DistributorConfig } from "./config.ts";
import type { DistributorEvents, PushFormat, PushLabels } from "./events.ts";
import type { Replicator } from "./replicator.ts";
import type { Senders } from "./senders.ts";
import { burstBytes, type Tenant, type Tenants } from "./tenant.ts";
import { type ValidPush, validatePush } from "./validate-push.ts";

export interface PushModules {
  readonly config: DistributorConfig;
  readonly tenants: Tenants;
  readonly replicator: Replicator;
  readonly events: DistributorEvents;
  readonly senders: Senders;
  /** Distributors that share a tenant's rate. */
  readonly distributors: () => number;
  readonly nowMs: () => number;
}

/** Reads a received body into columns. */
type Decode = (into: PushedEntries, lease: ByteLease) => void;

/** A push from its request to its answer: receive, decode, validate, limit, replicate. */
export class PushHandler {
  readonly #modules: PushModules;
  readonly #body: BodyLimits;
  /** Scratch memory of the one push that is between decoding and encoding; that stretch never awaits. */
  readonly #pushed = new PushedEntries();
  readonly #builder = new BlockBuilder();

  constructor(modules: PushModules) {
    const { config } = modules;
    this.#modules = modules;
    this.#body = {
      maxReceivedBytes: config.max_recv_msg_size,
      maxDecompressedBytes: config.max_decompressed_size,
      budget: new ByteBudget(config.max_inflight_bytes),
    };
  }

  /** Loki's push. Resolves once the entries accepted are durable; throws what the client is to be told. */
  async loki(request: HttpRequest): Promise<void> {
    await this.#leased(request, async (lease) => {
      const body = await receivePush(request, this.#body, lease);
      await this.#store(request, "loki", lease, (into) => decodePush(body, this.#body, lease, into));
    });
  }

  /** OTLP's push, likewise. */
  async otlp(request: HttpRequest): Promise<void> {
    await this.#leased(request, async (lease) => {
      const body = await receiveOtlp(request, this.#body, lease);
      const rules = (): OtlpRules => this.#tenant(request).otlp;
      await this.#store(request, "otlp", lease, (into) => decodeOtlp(body, rules(), this.#modules.nowMs(), into));
    });
  }

  async #leased(request: HttpRequest, work: (lease: ByteLease) => Promise<void>): Promise<void> {
    const { senders, nowMs } = this.#modules;
    const lease = this.#body.budget.lease();
    senders.pushed(request, nowMs());
    try {
      await work(lease);
    } catch (error) {
      senders.failed(request);
      throw error;
    } finally {
      lease.release();
    }
  }

  #tenant(request: HttpRequest): Tenant {
    return this.#modules.tenants.get(request.tenants[0]!, this.#modules.nowMs());
  }

  async #store(request: HttpRequest, format: PushFormat, lease: ByteLease, decode: Decode): Promise<void> {
    const tenant = this.#tenant(request);
    const labels: PushLabels = {
      tenant: tenant.id,
      format,
      retentionHours: String(Math.trunc(tenant.limits.retention_period / 3_600_000)),
    };
    this.#modules.events.received(
      labels,
      request.headers["content-type"] ?? "",
      request.headers["content-encoding"] ?? "",
    );
    const push = await inSpan({ name: "push", attributes: { tenant: tenant.id, format } }, async (span) => {
      const taken = this.#take(request, tenant, labels, lease, decode);
      span?.set({ "push.streams": taken.push.streams.length, "push.lines": taken.push.entries });
      throwRefused(await taken.stored);
      return taken.push;
    });
    if (push.refusals.any) throw push.refusals.error();
    if (push.blocked !== undefined && push.blocked.status !== 200) throw push.blocked;
  }

  /** From the body to encoded batches on their way, without a pause: the scratch memory is free again after it. */
  #take(
    request: HttpRequest,
    tenant: Tenant,
    labels: PushLabels,
    lease: ByteLease,
    decode: Decode,
  ): { push: ValidPush; stored: Promise<readonly PushAnswer[]> } {
    const { events, replicator, senders } = this.#modules;
    const nowMs = this.#modules.nowMs();
    const id = batchId(request);
    const shard = backfillShard(request);
    try {
      decode(this.#pushed, lease);
      if (this.#pushed.streams.length === 0)
        throw new RatatoskError("unprocessable", "error at least one valid stream is required for ingestion");
      const push = validatePush(this.#pushed, this.#builder, { tenant, nowMs, backfillShard: shard });
      events.refused(labels, push.refusals.counts);
      this.#limitRate(tenant, push, labels);
      const lagMs = nowMs - 1000 * push.newestSeconds;
      events.accepted(labels, push, lagMs, request.headers["user-agent"] ?? "");
      if (push.entries > 0) senders.accepted(request, lagMs);
      const batch = { tenant: tenant.id, streams: push.streams, ...(id !== undefined && { id }) };
      return { push, stored: push.streams.length === 0 ? Promise.resolve([]) : replicator.push(batch) };
    } finally {
      this.#pushed.release();
      this.#builder.release();
    }
  }

  #limitRate({ id, limits, bucket }: Tenant, push: ValidPush, labels: PushLabels): void {
    const bytes = push.lineBytes + push.metadataBytes;
    if (bytes === 0) return;
    const shares = limits.ingestion_rate_strategy === "global" ? Math.max(1, this.#modules.distributors()) : 1;
    const perSecond = (limits.ingestion_rate_mb * 2 ** 20) / shares;
    if (bucket.take(bytes, perSecond, burstBytes(limits), this.#modules.nowMs())) return;
    this.#modules.events.refused(labels, new Map([["rate_limited", { entries: push.entries, bytes }]]));
    throw new RatatoskError(
      "limit_exceeded",
      `ingestion rate limit exceeded for user ${id} (limit: ${Math.trunc(perSecond)} bytes/sec) while attempting to ingest '${push.entries}' lines totaling '${bytes}' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased`,
    );
  }
}

/** `X-Ratatosk-Batch: <agent>/<sequence>`: a batch sent twice is stored once. */
function batchId(request: HttpRequest): BatchId | undefined {
  const header = request.headers["x-ratatosk-batch"];
  if (header === undefined) return undefined;
  const match = typeof header === "string" ? /^(.{1,256})\/(\d{1,15})$/.exec(header) : null;
  if (match === null) throw new RatatoskError("bad_request", "X-Ratatosk-Batch: expected <agent>/<sequence>");
  return { agent: match[1]!, sequence: Number(match[2]) };
}

function backfillShard(request: HttpRequest): string | undefined {
  const header = request.headers["x-loki-backfill-shard"];
  if (typeof header !== "string" || header === "") return undefined;
  if (Buffer.byteLength(header) > 128)
    throw new RatatoskError("bad_request", "X-Loki-Backfill-Shard: at most 128 bytes");
  return header;
}

/** Throws what ingesters refused: 429 before 400, since a repetition may still store those. */
function throwRefused(answers: readonly PushAnswer[]): void {
  const refused = answers.flatMap((answer) => answer.refused);
  const told = refused.findLast(({ status }) => status === 429) ?? refused.at(-1);
  if (told === undefined) return;
  throw new RatatoskError(told.status === 429 ? "limit_exceeded" : "bad_request", told.message);
}

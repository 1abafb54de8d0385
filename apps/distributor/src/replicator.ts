import { type Batch, type BatchStream, encodeBatch } from "@ratatosk/chunk";
import { RatatoskError } from "@ratatosk/model";
import type { PushAnswer } from "@ratatosk/proto";
import type { IngesterMember, Ingesters } from "@ratatosk/ring";
import { BatchBuffers, type LentBytes } from "./batch-buffers.ts";
import type { DistributorEvents } from "./events.ts";

export interface ReplicatorModules {
  readonly ingesters: Ingesters;
  readonly events: Pick<DistributorEvents, "appended" | "appendFailed" | "appendTimedOut">;
  readonly timeoutMs: number;
  /** Bytes that may wait for one ingester. */
  readonly maxBytesPerIngester: number;
}

/** Streams that the same ingesters hold, and how far they are stored. */
interface Group {
  readonly members: readonly IngesterMember[];
  readonly needed: number;
  acknowledged: number;
  failed: number;
}

/** What one ingester gets of a batch. */
interface Share {
  readonly member: IngesterMember;
  readonly lent: LentBytes;
  readonly groups: readonly Group[];
}

/** Sends batches to the ingesters that shall hold their streams, and waits until a quorum of each stream's has them. */
export class Replicator {
  readonly #modules: ReplicatorModules;
  readonly #waitingBytes = new Map<string, number>();
  readonly #buffers = new BatchBuffers();

  constructor(modules: ReplicatorModules) {
    this.#modules = modules;
  }

  /**
   * Resolves with the answers of those who acknowledged, once every stream is durable on a quorum; the slower ones go
   * on. Throws unavailable where a quorum cannot be had. The batch is encoded before this returns.
   */
  push(batch: Batch): Promise<readonly PushAnswer[]> {
    const shares = this.#shares(batch);
    const groups = [...new Set(shares.flatMap((share) => share.groups))];
    const quorum = Promise.withResolvers<readonly PushAnswer[]>();
    const answers: PushAnswer[] = [];
    for (const share of shares) void this.#deliver(share, groups, answers, quorum);
    return quorum.promise;
  }

  async #deliver(
    share: Share,
    groups: readonly Group[],
    answers: PushAnswer[],
    quorum: PromiseWithResolvers<readonly PushAnswer[]>,
  ): Promise<void> {
    try {
      answers.push(await this.#send(share));
      for (const group of share.groups) group.acknowledged++;
      if (groups.every(({ acknowledged, needed }) => acknowledged >= needed)) quorum.resolve([...answers]);
    } catch (error) {
      for (const group of share.groups)
        if (++group.failed > group.members.length - group.needed) quorum.reject(notStored(error));
    }
  }

  #shares(batch: Batch): Share[] {
    const byMembers = new Map<string, { group: Group; streams: Set<BatchStream> }>();
    for (const stream of batch.streams) {
      const members = this.#modules.ingesters.replicas(batch.tenant, stream.labels);
      const key = members.map(({ id }) => id).join("\n");
      let entry = byMembers.get(key);
      if (entry === undefined) {
        entry = { group: this.#group(members), streams: new Set() };
        byMembers.set(key, entry);
      }
      entry.streams.add(stream);
    }
    return shareOut(batch, [...byMembers.values()], this.#buffers);
  }

  #group(members: readonly IngesterMember[]): Group {
    const needed = Math.floor(this.#modules.ingesters.replicationFactor / 2) + 1;
    if (members.length < needed)
      throw new RatatoskError(
        "unavailable",
        `at least ${needed} live replicas required, could only find ${members.length}`,
      );
    return { members, needed, acknowledged: 0, failed: 0 };
  }

  async #send(share: Share): Promise<PushAnswer> {
    const { events } = this.#modules;
    const { member } = share;
    try {
      const stored = this.#store(share).finally(() => share.lent.done());
      const answer = await this.#inTime(stored, member.id);
      events.appended(member.id);
      return answer;
    } catch (error) {
      if (error instanceof TimedOut) events.appendTimedOut(member.id);
      else events.appendFailed(member.id, RatatoskError.from(error));
      throw error;
    }
  }

  /** Settles once the ingester is done with the bytes, however long that takes. */
  async #store({ member, lent: { bytes } }: Share): Promise<PushAnswer> {
    const waiting = this.#waitingBytes.get(member.id) ?? 0;
    if (waiting > 0 && waiting + bytes.length > this.#modules.maxBytesPerIngester)
      throw new RatatoskError("unavailable", `ingester ${member.id} is behind`);
    this.#waitingBytes.set(member.id, waiting + bytes.length);
    try {
      return await member.api.push(bytes);
    } finally {
      this.#taken(member.id, bytes.length);
    }
  }

  #taken(id: string, bytes: number): void {
    const left = this.#waitingBytes.get(id)! - bytes;
    if (left === 0) this.#waitingBytes.delete(id);
    else this.#waitingBytes.set(id, left);
  }

  async #inTime(stored: Promise<PushAnswer>, id: string): Promise<PushAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut(id)), this.#modules.timeoutMs);
    });
    try {
      return await Promise.race([stored, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class TimedOut extends Error {
  constructor(ingester: string) {
    super(`ingester ${ingester} did not answer in time`);
  }
}

/** One encoded batch for each member; members with the same streams get the same bytes. */
function shareOut(
  batch: Batch,
  entries: readonly { group: Group; streams: Set<BatchStream> }[],
  buffers: BatchBuffers,
): Share[] {
  const byMember = new Map<string, { member: IngesterMember; groups: Group[] }>();
  for (const { group } of entries)
    for (const member of group.members) {
      const share = byMember.get(member.id);
      if (share === undefined) byMember.set(member.id, { member, groups: [group] });
      else share.groups.push(group);
    }
  const same = Map.groupBy(byMember.values(), ({ groups }) =>
    entries.map(({ group }) => (groups.includes(group) ? "1" : "0")).join(""),
  );
  return [...same.values()].flatMap((shares) => {
    const mine = entries.filter(({ group }) => shares[0]!.groups.includes(group));
    const streams = batch.streams.filter((stream) => mine.some((entry) => entry.streams.has(stream)));
    const lent = buffers.lend(shares.length, (memory) => encodeBatch({ ...batch, streams }, memory));
    return shares.map(({ member, groups }) => ({ member, groups, lent }));
  });
}

/** Why a push is not stored, as the client learns it: 429 and 503 as they are, anything else as unavailable. */
function notStored(cause: unknown): RatatoskError {
  const error = RatatoskError.from(cause);
  if (error.code === "limit_exceeded" || error.code === "unavailable" || error.code === "bad_request") return error;
  return new RatatoskError("unavailable", error.message, { cause });
}

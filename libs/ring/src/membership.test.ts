import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import {
  allColumns,
  type Chunk,
  type ChunkSource,
  type Labels,
  RatatoskError,
  type Selection,
  type StoredBlock,
} from "@ratatosk/model";
import type { IngesterState, IngesterStatus } from "@ratatosk/proto";
import { describe, expect, test } from "vitest";
import { type IngesterConnection, Membership, RecentSource, RingConfig } from "./index.ts";

class FakeIngester implements IngesterConnection {
  state: IngesterState | Error = "ACTIVE";
  closed = false;
  chunks: Chunk[] = [];
  names: string[] = ["app"];
  failure: Error | undefined;
  readonly source: ChunkSource = {
    select: async () => ({ chunks: this.chunks, warnings: ["w"], shipped: ["s"] }),
    labelNames: async () => {
      if (this.failure) throw this.failure;
      return this.names;
    },
    labelValues: async () => [],
    series: async (): Promise<Labels[]> => [[["app", "x"]]],
  };
  push = async () => ({ refused: [] });
  flush = async (): Promise<void> => {};
  tail = async (): Promise<AsyncIterable<Uint8Array>> => (async function* () {})();

  id: string;

  constructor(id: string) {
    this.id = id;
  }

  async status(): Promise<IngesterStatus> {
    if (this.state instanceof Error) throw this.state;
    return { id: this.id, name: "host", state: this.state };
  }

  close(): void {
    this.closed = true;
  }
}

const everything: Selection = { tenant: "fake", matchers: [], start: 0n, end: 1n };
const { signal } = new AbortController();

function ring(members: string[], { replicationFactor = undefined as number | undefined, hosts = [] as string[] } = {}) {
  const ingesters = new Map<string, FakeIngester>();
  const events: object[] = [];
  const membership = new Membership({
    config: RingConfig.parse({ members, replication_factor: replicationFactor }),
    connect: (address) => {
      const ingester = new FakeIngester(address);
      ingesters.set(address, ingester);
      return ingester;
    },
    resolve: async () => {
      if (hosts.length === 0) throw new Error("ENOTFOUND");
      return hosts;
    },
    onChange: (event) => events.push(event),
  });
  return { membership, ingesters, events, hosts };
}

const ids = (members: readonly { id: string }[]): string[] => members.map(({ id }) => id);

describe("membership", () => {
  test("a member that does not answer is missing until it does", async () => {
    const { membership, ingesters, events } = ring(["a:1", "b:1"]);
    await membership.refresh();
    expect(ids(membership.members())).toEqual(["a:1", "b:1"]);
    ingesters.get("a:1")!.state = new Error("refused");
    await membership.refresh();
    expect([ids(membership.members()), membership.missing()]).toEqual([["b:1"], ["a:1"]]);
    expect(ids(membership.replicas("t", "{}"))).toEqual(["b:1"]);
    ingesters.get("a:1")!.state = "ACTIVE";
    await membership.refresh();
    expect(membership.missing()).toEqual([]);
    expect(events).toHaveLength(4);
    expect(events[2]).toEqual({ address: "a:1", serving: false, reason: "refused" });
  });

  test("members follow what a name stands for, and stay while it cannot be looked up", async () => {
    const { membership, hosts } = ring(["dns+tasks.ingester:9095"], { hosts: ["10.0.0.1", "fd00::1"] });
    await membership.refresh();
    expect(ids(membership.members())).toEqual(["10.0.0.1:9095", "[fd00::1]:9095"]);
    hosts.length = 0;
    await membership.refresh();
    expect(membership.members()).toHaveLength(2);
  });

  test("one that leaves is read as long as it answers, and not waited for once it has shipped all", async () => {
    const { membership, ingesters, hosts } = ring(["dns+i:9095"], { hosts: ["10.0.0.1", "10.0.0.2"] });
    await membership.refresh();
    const leaving = ingesters.get("10.0.0.1:9095")!;
    hosts.shift();
    leaving.state = "LEAVING";
    await membership.refresh();
    expect(membership.members()).toHaveLength(2);
    expect([ids(membership.replicas("t", "{}")), membership.missing()]).toEqual([["10.0.0.2:9095"], []]);
    leaving.state = "LEFT";
    await membership.refresh();
    leaving.state = new Error("refused");
    await membership.refresh();
    expect([ids(membership.members()), membership.missing()]).toEqual([["10.0.0.2:9095"], []]);
    expect(leaving.closed).toBe(true);
  });

  test("one that goes without a word is missing until its log is back at another address, or it is forgotten", async () => {
    const { membership, ingesters, hosts } = ring(["dns+i:9095"], { hosts: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] });
    await membership.refresh();
    expect(membership.replicationFactor).toBe(3);
    for (const address of ["10.0.0.1:9095", "10.0.0.2:9095"]) ingesters.get(address)!.state = new Error("refused");
    hosts.splice(0, 2, "10.0.0.9");
    await membership.refresh();
    expect(membership.missing()).toEqual(["10.0.0.1:9095", "10.0.0.2:9095"]);
    const back = ingesters.get("10.0.0.9:9095")!;
    back.id = "10.0.0.1:9095";
    back.state = "JOINING";
    await membership.refresh();
    expect(membership.members()).toHaveLength(2);
    expect(membership.missing()).toEqual(["10.0.0.1:9095", "10.0.0.2:9095"]);
    back.state = "ACTIVE";
    membership.forget("10.0.0.2:9095");
    await membership.refresh();
    expect(membership.missing()).toEqual([]);
  });

  test("nobody serving is not ready", async () => {
    const { membership, ingesters } = ring(["a:1"]);
    await membership.refresh();
    expect(membership.notReady()).toBeUndefined();
    ingesters.get("a:1")!.state = "LEAVING";
    await membership.refresh();
    expect(membership.notReady()).toBe("no ingester serves");
  });
});

describe("the memory of all ingesters", () => {
  const chunk = (fetch: () => Promise<StoredBlock>): Chunk => {
    const extent = { minTime: 0n, maxTime: 1n, entries: 1, bytes: 1 };
    const block = { ...extent, storedBytes: 1, mayContain: () => true, fetch };
    return { ...extent, labels: [["a", "b"]], stream: "{}", blocks: async () => [block] };
  };

  test("one that goes while it is read is missed like one that has gone before, one too many is an error", async () => {
    const { membership, ingesters } = ring(["a:1", "b:1", "c:1"]);
    await membership.refresh();
    const gone = chunk(() => Promise.reject(new RatatoskError("unavailable", "gone")));
    for (const address of ["a:1", "b:1"]) ingesters.get(address)!.chunks = [gone];
    const { chunks } = await new RecentSource(membership).select(everything, signal);
    const fetched = async (of: Chunk): Promise<number> => {
      const [block] = await of.blocks(signal);
      return decodeBlock((await block!.fetch(allColumns, signal)) as ColumnsBlock, allColumns).count;
    };
    await expect(fetched(chunks[0]!)).resolves.toBe(0);
    await expect(fetched(chunks[0]!)).resolves.toBe(0);
    await expect(fetched(chunks[1]!)).rejects.toThrow("gone");
  });

  test("one that falls silent while it is asked is not waited for", async () => {
    const { membership, ingesters } = ring(["a:1", "b:1", "c:1"]);
    await membership.refresh();
    const dumb = ingesters.get("a:1")!;
    dumb.source.labelNames = (_, asked) =>
      new Promise((_resolve, reject) => asked.addEventListener("abort", () => reject(new Error("cancelled"))));
    const names = new RecentSource(membership).labelNames(everything, signal);
    dumb.state = new Error("no word");
    await membership.refresh();
    await expect(names).resolves.toEqual(["app"]);
  });

  test("answers are united", async () => {
    const { membership, ingesters } = ring(["a:1", "b:1"]);
    await membership.refresh();
    ingesters.get("b:1")!.names = ["env", "app"];
    const recent = new RecentSource(membership);
    await expect(recent.labelNames(everything, signal)).resolves.toEqual(["app", "env"]);
    await expect(recent.series(everything, signal)).resolves.toEqual([[["app", "x"]]]);
    await expect(recent.select(everything, signal)).resolves.toEqual({
      chunks: [],
      warnings: ["w"],
      shipped: ["s"],
      ingesters: 2,
    });
  });

  const names = ["app"];
  test.each([
    { replicationFactor: 1, silent: 1, answer: "gone" },
    { replicationFactor: 3, silent: 1, answer: names },
    { replicationFactor: 3, silent: 2, answer: "gone" },
  ])("of $replicationFactor replicas $silent silent: $answer", async ({ replicationFactor, silent, answer }) => {
    const { membership, ingesters } = ring(["a:1", "b:1", "c:1"], { replicationFactor });
    await membership.refresh();
    for (const ingester of [...ingesters.values()].slice(0, silent)) ingester.failure = new Error("gone");
    const asked = new RecentSource(membership).labelNames(everything, signal);
    expect(await asked.catch((error: Error) => error.message)).toEqual(answer);
  });
});

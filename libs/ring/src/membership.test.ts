import { type ChunkSource, type Labels, type Selection } from "@ratatosk/model";
import { describe, expect, test } from "vitest";
import { type IngesterConnection, Membership, RecentSource, RingConfig } from "./index.ts";

class FakeIngester implements IngesterConnection {
  serving: boolean | Error = true;
  closed = false;
  names: string[] = ["app"];
  failure: Error | undefined;
  readonly source: ChunkSource = {
    select: async () => ({ chunks: [], warnings: ["w"], shipped: ["s"] }),
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

  async isServing(): Promise<boolean> {
    if (this.serving instanceof Error) throw this.serving;
    return this.serving;
  }

  close(): void {
    this.closed = true;
  }
}

const everything: Selection = { tenant: "fake", matchers: [], start: 0n, end: 1n };
const { signal } = new AbortController();

function ring(members: string[], { replicationFactor = 1, hosts = [] as string[] } = {}) {
  const ingesters = new Map<string, FakeIngester>();
  const events: object[] = [];
  const membership = new Membership({
    config: RingConfig.parse({ members, replication_factor: replicationFactor }),
    connect: (address) => {
      const ingester = new FakeIngester();
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
    ingesters.get("a:1")!.serving = new Error("refused");
    await membership.refresh();
    expect([ids(membership.members()), membership.missing()]).toEqual([["b:1"], ["a:1"]]);
    expect(ids(membership.replicas("t", "{}"))).toEqual(["b:1"]);
    ingesters.get("a:1")!.serving = true;
    await membership.refresh();
    expect(membership.missing()).toEqual([]);
    expect(events).toHaveLength(4);
    expect(events[2]).toEqual({ address: "a:1", serving: false, reason: "refused" });
  });

  test("members follow what a name stands for, and stay while it cannot be looked up", async () => {
    const { membership, ingesters, hosts } = ring(["dns+tasks.ingester:9095"], { hosts: ["10.0.0.1", "fd00::1"] });
    await membership.refresh();
    expect(ids(membership.members())).toEqual(["10.0.0.1:9095", "[fd00::1]:9095"]);
    hosts.length = 0;
    await membership.refresh();
    expect(membership.members()).toHaveLength(2);
    hosts.push("10.0.0.2");
    await membership.refresh();
    expect(ids(membership.members())).toEqual(["10.0.0.2:9095"]);
    expect(ingesters.get("10.0.0.1:9095")!.closed).toBe(true);
  });

  test("nobody serving is not ready", async () => {
    const { membership, ingesters } = ring(["a:1"]);
    await membership.refresh();
    expect(membership.notReady()).toBeUndefined();
    ingesters.get("a:1")!.serving = false;
    await membership.refresh();
    expect(membership.notReady()).toBe("no ingester serves");
  });
});

describe("the memory of all ingesters", () => {
  test("answers are united", async () => {
    const { membership, ingesters } = ring(["a:1", "b:1"]);
    await membership.refresh();
    ingesters.get("b:1")!.names = ["env", "app"];
    const recent = new RecentSource(membership);
    await expect(recent.labelNames(everything, signal)).resolves.toEqual(["app", "env"]);
    await expect(recent.series(everything, signal)).resolves.toEqual([[["app", "x"]]]);
    await expect(recent.select(everything, signal)).resolves.toEqual({ chunks: [], warnings: ["w"], shipped: ["s"] });
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

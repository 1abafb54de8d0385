import { expect, test } from "vitest";
import { Peers } from "./peers.ts";

const keys = Array.from({ length: 200 }, (_, i) => `tenant/group-${i}`);
const addresses = ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"];
const healthPeriodMs = 1000;

function network() {
  const down = new Set<string>();
  let now = 0;
  const all = addresses.map(
    (address) =>
      new Peers({
        members: addresses,
        port: Number(address.split(":")[1]),
        healthPeriodMs,
        resolve: async (host) => [host],
        isReady: async (other) => !down.has(other),
        now: () => now,
      }),
  );
  const round = async (): Promise<void> => {
    now += healthPeriodMs;
    for (const [i, peers] of all.entries()) if (!down.has(addresses[i]!)) await peers.refresh();
  };
  const owners = (key: string): number[] =>
    all.flatMap((peers, i) => (!down.has(addresses[i]!) && peers.owns(key) ? [i] : []));
  return { all, down, round, owners };
}

test("each key has one owner once things are quiet, and all peers have keys", async () => {
  const { all, round, owners } = network();
  for (const peers of all) await peers.start();
  for (let i = 0; i < 4; i++) await round();
  const found = keys.map(owners);
  expect(found.every((some) => some.length === 1)).toBe(true);
  expect(new Set(found.flat()).size).toBe(3);
  for (const peers of all) await peers.stop();
});

test("no key has two owners while peers come and go, one after the other", async () => {
  const { all, down, round, owners } = network();
  for (const peers of all) {
    await peers.start();
    expect(keys.every((key) => owners(key).length <= 1)).toBe(true);
  }
  for (const change of [
    () => down.add(addresses[1]!),
    () => down.delete(addresses[1]!),
    () => down.add(addresses[2]!),
  ]) {
    change();
    for (let i = 0; i < 6; i++) {
      await round();
      expect(keys.every((key) => owners(key).length <= 1)).toBe(true);
    }
    expect(keys.every((key) => owners(key).length === 1)).toBe(true);
  }
  for (const peers of all) await peers.stop();
});

test("without a list the only process owns everything, at once", () => {
  const alone = new Peers({ members: [], port: 1, healthPeriodMs });
  expect(keys.every((key) => alone.owns(key))).toBe(true);
});

test("a process that is not among the members owns nothing", async () => {
  const stranger = new Peers({
    members: addresses,
    port: 99,
    healthPeriodMs: 0,
    resolve: async (host) => [host],
    isReady: async () => true,
  });
  await stranger.refresh();
  expect(keys.some((key) => stranger.owns(key))).toBe(false);
});

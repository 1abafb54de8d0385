import { expect, test } from "vitest";
import { rendezvous } from "./rendezvous.ts";

const members = ["a:1", "b:1", "c:1", "d:1"].map((id) => ({ id }));
const keys = Array.from({ length: 8000 }, (_, i) => `fake\0{app="svc-${i % 97}", pod="${i}"}`);
const first = (among: typeof members, key: string): string => rendezvous(among, key, 1)[0]!.id;

test("keys spread evenly", () => {
  const counts = Map.groupBy(keys, (key) => first(members, key));
  for (const { id } of members) expect(counts.get(id)!.length / keys.length).toBeCloseTo(1 / members.length, 1);
});

test("when a member goes only its keys move", () => {
  const rest = members.filter(({ id }) => id !== "b:1");
  const staying = keys.filter((key) => first(members, key) !== "b:1");
  expect(staying.map((key) => first(rest, key))).toEqual(staying.map((key) => first(members, key)));
});

test("replicas are different members, in an order that does not depend on the list's", () => {
  for (const key of keys.slice(0, 200)) {
    const replicas = rendezvous(members, key, 3).map(({ id }) => id);
    expect(new Set(replicas).size).toBe(3);
    expect(rendezvous([...members].reverse(), key, 3).map(({ id }) => id)).toEqual(replicas);
  }
});

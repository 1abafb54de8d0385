import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectInfo, ObjectStore } from "./object-store.ts";

export { hasMinio, minioSettings, startMinio } from "./minio-process.ts";

/** What a store under test needs: the store, empty, and how to end it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  close?(): Promise<void>;
}

/** The promises of `ObjectStore`, which every implementation keeps. */
export function testObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`object store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    }, 60_000);
    afterAll(async () => under?.close?.());

    test("an object that is given in pieces is stored as one", async () => {
      const body = Uint8Array.from({ length: 20_000 }, (_, at) => at % 251);
      const pieces = Array.from({ length: 2000 }, (_, at) => body.subarray(at * 10, at * 10 + 10));
      await store.put("ta/pieces", [new Uint8Array(), ...pieces]);
      expect(await store.get("ta/pieces")).toEqual(body);
      await store.put("ta/pieces", []);
      expect(await store.get("ta/pieces")).toEqual(new Uint8Array());
      await store.delete(["ta/pieces"]);
    });

    test("an object comes back whole and in parts", async () => {
      const body = Uint8Array.from({ length: 300 }, (_, at) => at % 251);
      await store.put("ta/whole/a.bin", body);
      expect(await store.get("ta/whole/a.bin")).toEqual(body);
      for (const [offset, length] of [
        [0, 10],
        [5, 1],
        [290, 10],
        [290, 50],
        [-20, 20],
        [-20, 5],
        [-500, 500],
      ] as const) {
        const start = offset < 0 ? Math.max(300 + offset, 0) : offset;
        expect(await store.get("ta/whole/a.bin", { offset, length })).toEqual(body.slice(start, start + length));
      }
      for (const range of [
        { offset: 300, length: 5 },
        { offset: 9000, length: 5 },
        { offset: 3, length: 0 },
      ])
        expect(await store.get("ta/whole/a.bin", range)).toEqual(new Uint8Array());
    });

    test("an empty object and one of 6 MiB", async () => {
      const large = new Uint8Array(6 * 2 ** 20).fill(7);
      await store.put("ta/sizes/empty", new Uint8Array());
      await store.put("ta/sizes/large", large);
      expect(await store.get("ta/sizes/empty")).toEqual(new Uint8Array());
      expect(Buffer.compare(await store.get("ta/sizes/large"), large)).toBe(0);
      expect((await store.stat("ta/sizes/large"))?.size).toBe(large.length);
    });

    test("a put replaces", async () => {
      await store.put("ta/again", Uint8Array.of(1, 2, 3));
      await store.put("ta/again", Uint8Array.of(4));
      expect(await store.get("ta/again")).toEqual(Uint8Array.of(4));
    });

    test("what is not there: get says not_found, stat undefined, delete nothing", async () => {
      await expect(store.get("ta/none/x")).rejects.toMatchObject({ code: "not_found" });
      await expect(store.get("ta/none/x", { offset: -4, length: 4 })).rejects.toMatchObject({ code: "not_found" });
      expect(await store.stat("ta/none/x")).toBeUndefined();
      await store.delete(["ta/none/x"]);
    });

    test("objects are listed in the order of their keys, folders apart", async () => {
      const keys = ["tb/a-b", "tb/a/1", "tb/a/2", "tb/a.x", "tb/ab/9", "tb/é/1", "tb2/x"];
      for (const key of keys) await store.put(key, Uint8Array.of(1));
      const sorted = ["tb/a-b", "tb/a.x", "tb/a/1", "tb/a/2", "tb/ab/9", "tb/é/1"];
      expect((await all(store.list("tb/"))).map(({ key }) => key)).toEqual(sorted);
      expect((await all(store.list("tb/a/"))).map(({ key }) => key)).toEqual(["tb/a/1", "tb/a/2"]);
      expect((await all(store.list("tb/a"))).map(({ key }) => key)).toEqual(sorted.slice(0, 5));
      expect(await all(store.list("tc/"))).toEqual([]);
      expect(await store.folders("tb/")).toEqual(["a", "ab", "é"]);
      expect((await store.folders("")).filter((name) => name.startsWith("tb"))).toEqual(["tb", "tb2"]);
      expect(await store.folders("tc/")).toEqual([]);
    });

    test("many objects are listed and deleted", async () => {
      const keys = Array.from({ length: 1100 }, (_, at) => `td/many/${String(at).padStart(4, "0")}`);
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, Uint8Array.of(1))));
      expect((await all(store.list("td/"))).map(({ key }) => key)).toEqual(keys);
      await store.delete(keys.slice(1));
      expect((await all(store.list("td/"))).map(({ key }) => key)).toEqual(keys.slice(0, 1));
      await store.delete(keys);
      expect(await store.folders("td/")).toEqual([]);
    }, 60_000);

    test("puts and deletes in one folder do not disturb each other", async () => {
      const rounds = Array.from({ length: 20 }, async (_, at) => {
        await store.put(`te/day/${at}`, Uint8Array.of(at));
        await store.delete([`te/day/${at}`]);
        await store.put(`te/day/${at}`, Uint8Array.of(at));
      });
      await Promise.all(rounds);
      expect(await all(store.list("te/"))).toHaveLength(20);
    });

    test.each(["", "/a", "a//b", "../a", "a/../b", "a/.", "a/", "a\u0000b", "a\\b", `a/${"x".repeat(1000)}`])(
      "the key %j is refused",
      async (key) => {
        await expect(store.put(key, Uint8Array.of(1))).rejects.toMatchObject({ code: "bad_request" });
        await expect(store.get(key)).rejects.toMatchObject({ code: "bad_request" });
        await expect(store.delete([key])).rejects.toMatchObject({ code: "bad_request" });
      },
    );

    test("an aborted signal ends a read", async () => {
      await store.put("ta/abort", Uint8Array.of(1));
      await expect(store.get("ta/abort", undefined, AbortSignal.abort())).rejects.toThrow(/abort/i);
    });
  });
}

async function all(items: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  return Array.fromAsync(items);
}

import { createServer, request as send, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { type BodyLimits, decompress, type Encoding, receiveBody } from "./read-body.ts";

const limitsOf = (limits: Partial<BodyLimits> = {}): BodyLimits => ({
  maxReceivedBytes: 1000,
  maxDecompressedBytes: 100_000,
  budget: new ByteBudget(1_000_000),
  ...limits,
});

describe("what is compressed", () => {
  const text = Buffer.from("a line of text ".repeat(1000));
  const unpack = (bytes: Uint8Array, encoding: Encoding, limits = limitsOf()): Promise<Uint8Array> =>
    decompress(bytes, encoding, limits, limits.budget.lease());

  test.for<[string, Uint8Array, Encoding]>([
    ["gzip", gzipSync(text), "gzip"],
    ["gzip of two members", Buffer.concat([gzipSync(text.subarray(0, 20)), gzipSync(text.subarray(20))]), "gzip"],
    ["deflate", deflateRawSync(text), "deflate"],
    ["deflate with zlib's header", deflateSync(text), "deflate"],
    ["zstd", zstdCompressSync(text), "zstd"],
    ["nothing", text, "none"],
  ])("by %s is unpacked", async ([, bytes, encoding]) => {
    expect(Buffer.from(await unpack(bytes, encoding)).equals(text)).toBe(true);
  });

  test.for<[string, Uint8Array, Encoding, string]>([
    ["gzip cut short", gzipSync(text).subarray(0, 40), "gzip", "unexpected EOF"],
    ["no gzip", text, "gzip", "gzip: invalid header"],
    ["no zstd", text, "zstd", "zstd: corrupt input"],
    ["no deflate", Buffer.alloc(20, 0xff), "deflate", "deflate: corrupt input"],
  ])("%s is refused", async ([, bytes, encoding, message]) => {
    await expect(unpack(bytes, encoding)).rejects.toMatchObject({ code: "bad_request", message });
  });

  test.for<[Encoding, (bytes: Uint8Array) => Uint8Array]>([
    ["gzip", gzipSync],
    ["deflate", deflateRawSync],
    ["zstd", zstdCompressSync],
  ])("a bomb of %s is refused before it is unpacked", async ([encoding, pack]) => {
    const limits = limitsOf();
    const lease = limits.budget.lease();
    const bomb = pack(Buffer.alloc(50_000_000));
    await expect(decompress(bomb, encoding, limits, lease)).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringMatching(
        /^request body too large: decompressed message size too large than max \(\d{6} vs 100000\)$/,
      ) as string,
    });
    expect(limits.budget.used).toBeLessThan(1_000_000);
    lease.release();
    expect(limits.budget.used).toBe(0);
  });
});

describe("what is sent", () => {
  let close = (): void => undefined;
  afterEach(() => close());

  /** Serves one request with `receiveBody` and answers with what came of it. */
  async function serve(limits: BodyLimits): Promise<number> {
    const server = createServer((incoming: IncomingMessage, outgoing) => {
      receiveBody(incoming, limits, limits.budget.lease()).then(
        (bytes) => outgoing.end(String(bytes.length)),
        (error: Error) => outgoing.end(error.message),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => void server.close();
    return (server.address() as AddressInfo).port;
  }

  function post(port: number, headers: Record<string, string>, parts: Buffer[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = send({ host: "127.0.0.1", port, method: "POST", headers, agent: false }, (response) => {
        response.setEncoding("utf8").once("data", resolve);
      });
      request.on("error", reject);
      for (const part of parts) request.write(part);
      request.end();
    });
  }

  test("is received whole", async () => {
    expect(await post(await serve(limitsOf()), {}, [Buffer.alloc(400), Buffer.alloc(600)])).toBe("1000");
  });

  test("above the limit is refused by its declared length", async () => {
    const answer = await post(await serve(limitsOf()), { "Content-Length": "1001" }, [Buffer.alloc(1001)]);
    expect(answer).toBe("request body too large: message size too large than max (1001 vs 1000)");
  });

  test("without end is refused at the limit, and the refusal arrives", async () => {
    const answer = await post(
      await serve(limitsOf()),
      {},
      Array.from({ length: 40 }, () => Buffer.alloc(65_536)),
    );
    expect(answer).toMatch(/^request body too large: message size too large than max \(\d+ vs 1000\)$/);
  });

  test("above what all pushes may hold is put off", async () => {
    const limits = limitsOf({ budget: new ByteBudget(100) });
    expect(await post(await serve(limits), {}, [Buffer.alloc(101)])).toBe(
      "The server cannot accept more requests at this time.",
    );
  });

  test("by a client that hangs up is nothing", async () => {
    const limits = limitsOf();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => void server.close();
    const outcome = new Promise((resolve, reject) => {
      server.once("request", (incoming: IncomingMessage) => {
        receiveBody(incoming, limits, limits.budget.lease()).then(resolve, reject);
        request.destroy();
      });
    });
    const request = send({
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      method: "POST",
      headers: { "Content-Length": "500" },
      agent: false,
    });
    request.on("error", () => undefined);
    request.write("part");
    await expect(outcome).rejects.toMatchObject({ code: "cancelled" });
  });
});

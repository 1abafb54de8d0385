import http from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { RatatoskError } from "@ratatosk/model";
import { Client, S3Error } from "minio";
import type { S3Config } from "./config.ts";
import { checkKey, checkPrefix } from "./key.ts";
import { boundsOf, byBytes } from "./memory-store.ts";
import type { Body, ByteRange, ObjectInfo, ObjectStore, Place } from "./object-store.ts";

const deadlineMs = 60_000;
const attempts = 4;
const deleteBatch = 1000;

/** Objects in a bucket of S3, MinIO or anything that speaks like them. Calls that fail for a moment are tried again. */
export class S3Store implements ObjectStore {
  readonly gapBytes = 2 ** 20;
  readonly #client: Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #isForeign: boolean;
  #ready: Promise<void> | undefined;

  constructor(config: S3Config, { isForeign = false }: Place = {}) {
    this.#isForeign = isForeign;
    this.#bucket = config.bucket;
    this.#region = config.region;
    this.#client = clientFor(config);
  }

  async put(key: string, body: Body): Promise<void> {
    checkKey(key);
    const bytes =
      body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.length) : Buffer.concat(body);
    await this.#tried(() => this.#client.putObject(this.#bucket, key, bytes, bytes.length));
  }

  async get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    checkKey(key);
    if (range?.length === 0) return this.#nothing(key);
    const offset = range === undefined || range.offset >= 0 ? range?.offset : await this.#fromEnd(key, range);
    try {
      return await this.#tried(() => this.#read(key, offset ?? 0, range?.length ?? 0, signal), signal);
    } catch (error) {
      if (error instanceof RatatoskError && error.cause instanceof S3Error && error.cause.code === "InvalidRange")
        return new Uint8Array();
      throw error;
    }
  }

  async stat(key: string): Promise<ObjectInfo | undefined> {
    checkKey(key);
    try {
      const { size, lastModified } = await this.#tried(() => this.#client.statObject(this.#bucket, key));
      return { key, size, modifiedMs: lastModified.getTime() };
    } catch (error) {
      if (error instanceof RatatoskError && error.code === "not_found") return undefined;
      throw error;
    }
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    for await (const { name, size, lastModified } of this.#items(prefix, true, signal))
      if (name !== undefined) yield { key: name, size: size ?? 0, modifiedMs: lastModified?.getTime() ?? 0 };
  }

  async folders(prefix: string, signal?: AbortSignal): Promise<string[]> {
    checkPrefix(prefix);
    const found: string[] = [];
    for await (const { prefix: folder } of this.#items(prefix, false, signal))
      if (folder !== undefined) found.push(folder.slice(prefix.length, -1));
    return found.sort(byBytes);
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (let at = 0; at < keys.length; at += deleteBatch) {
      const batch = keys.slice(at, at + deleteBatch);
      const answers = await this.#tried(() => this.#client.removeObjects(this.#bucket, batch));
      const failed = answers?.find((answer) => answer?.Error);
      if (failed) throw new RatatoskError("unavailable", `object store: ${JSON.stringify(failed.Error)}`);
    }
  }

  async *#items(prefix: string, recursive: boolean, signal: AbortSignal | undefined): AsyncGenerator<S3Item> {
    await this.#tried(async () => undefined, signal);
    const stream = this.#client.listObjectsV2(this.#bucket, prefix, recursive);
    const abort = (): void => void stream.destroy(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      for await (const item of stream as AsyncIterable<S3Item>) yield item;
    } catch (error) {
      throw translated(error);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async #read(key: string, offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const stream = await this.#client.getPartialObject(this.#bucket, key, offset, length);
    const abort = (): void => void stream.destroy(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return new Uint8Array(await buffer(stream));
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async #tried<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    await (this.#ready ??= tried(() => this.#makeBucket()));
    return tried(call, signal);
  }

  async #makeBucket(): Promise<void> {
    try {
      if (await this.#client.bucketExists(this.#bucket)) return;
      if (this.#isForeign) throw new RatatoskError("not_found", `bucket ${this.#bucket} does not exist`);
      await this.#client.makeBucket(this.#bucket, this.#region);
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  async #fromEnd(key: string, range: ByteRange): Promise<number> {
    const { size } = await this.#tried(() => this.#client.statObject(this.#bucket, key));
    return boundsOf(range, size).start;
  }

  async #nothing(key: string): Promise<Uint8Array> {
    await this.#tried(() => this.#client.statObject(this.#bucket, key));
    return new Uint8Array();
  }
}

interface S3Item {
  readonly name?: string;
  readonly prefix?: string;
  readonly size?: number;
  readonly lastModified?: Date;
}

function clientFor(config: S3Config): Client {
  const { hostname, port } = new URL(`http://${config.endpoint.replace(/^https?:\/\//, "")}`);
  const { Agent } = config.insecure ? http : https;
  return new Client({
    endPoint: hostname,
    ...(port !== "" && { port: Number(port) }),
    useSSL: !config.insecure,
    accessKey: config.access_key_id,
    secretKey: config.secret_access_key,
    region: config.region,
    pathStyle: config.s3forcepathstyle,
    transportAgent: new Agent({ keepAlive: true, maxSockets: 64 }),
    retryOptions: { disableRetry: true },
  });
}

async function tried<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withinDeadline(call());
    } catch (error) {
      signal?.throwIfAborted();
      const failure = translated(error);
      if (failure.code !== "unavailable" || attempt === attempts) throw failure;
      await sleep(100 * 2 ** attempt * (0.5 + Math.random()), undefined, signal && { signal });
    }
  }
}

async function withinDeadline<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

function translated(error: unknown): RatatoskError {
  if (error instanceof RatatoskError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === "NoSuchKey" || code === "NotFound")
    return new RatatoskError("not_found", "object does not exist", { cause: error });
  if (code !== undefined && refusals.has(code))
    return new RatatoskError("internal", `object store: ${message}`, { cause: error });
  if (error instanceof Error && error.name === "AbortError") return RatatoskError.from(error);
  return new RatatoskError("unavailable", `object store: ${message}`, { cause: error });
}

/** Answers that no second attempt changes. */
const refusals = new Set([
  "AccessDenied",
  "InvalidAccessKeyId",
  "InvalidRange",
  "NoSuchBucket",
  "SignatureDoesNotMatch",
  "InvalidBucketName",
]);

import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";
import { RatatoskError } from "@ratatosk/model";
import { broken, tooLarge, unexpectedEnd } from "./body-errors.ts";
import type { ByteBudget, ByteLease } from "./byte-budget.ts";
import { decodeLz4Frames } from "./lz4-frame.ts";

/** What a push body may weigh. (How long a client may take to send it is the server's affair.) */
export interface BodyLimits {
  readonly maxReceivedBytes: number;
  readonly maxDecompressedBytes: number;
  readonly budget: ByteBudget;
}

export type Encoding = "none" | "gzip" | "deflate" | "zstd" | "lz4";

const pieceBytes = 256 * 1024;
/** A larger body gets memory as it arrives: what a client declares costs nothing. */
const mostAtOnce = 4 * 2 ** 20;

/**
 * The whole body as sent, good until the lease is released. Throws too_large at the first byte too many, and leaves the
 * request readable, so that the refusal reaches a client that is still sending.
 */
export async function receiveBody(body: IncomingMessage, limits: BodyLimits, lease: ByteLease): Promise<Uint8Array> {
  const declared = Number(body.headers["content-length"] ?? 0);
  if (declared > limits.maxReceivedBytes) throw tooLarge("message size", declared, limits.maxReceivedBytes);
  const isSized = body.headers["transfer-encoding"] === undefined && declared > 0 && declared <= mostAtOnce;
  const parts: Buffer[] = [];
  let whole: Uint8Array | undefined;
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const onData = (part: Buffer): void => {
      try {
        lease.take(part.length);
        if (size + part.length > limits.maxReceivedBytes)
          throw tooLarge("message size", size + part.length, limits.maxReceivedBytes);
        if (isSized) (whole ??= lease.memory(declared)).set(part, size);
        else parts.push(part);
        size += part.length;
      } catch (error) {
        finish(RatatoskError.from(error));
      }
    };
    const onEnd = (): void => finish(undefined);
    const onCut = (): void => finish(new RatatoskError("cancelled", "the request was cancelled by the client"));
    const finish = (error: RatatoskError | undefined): void => {
      body.off("data", onData).off("end", onEnd).off("close", onCut);
      if (error === undefined) resolve();
      else reject(error);
    };
    body.on("data", onData).on("end", onEnd).on("close", onCut).on("error", onCut);
  });
  return whole?.subarray(0, size) ?? Buffer.concat(parts, size);
}

/** Undoes a Content-Encoding, piece by piece: a bomb is refused before it is unpacked. */
export async function decompress(
  bytes: Uint8Array,
  encoding: Encoding,
  limits: BodyLimits,
  lease: ByteLease,
): Promise<Uint8Array> {
  const most = Math.min(limits.maxDecompressedBytes, limits.budget.maxBytes);
  if (encoding === "none") return bytes;
  if (encoding === "lz4") return decodeLz4Frames(bytes, most, lease);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of unpacked(bytes, decoderOf(encoding, bytes))) {
      size += part.length;
      if (size > most) throw tooLarge("decompressed message size", size, most);
      lease.take(part.length);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof RatatoskError ? error : damaged(encoding, error);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
}

function decoderOf(encoding: "gzip" | "deflate" | "zstd", bytes: Uint8Array): Transform {
  const options = { chunkSize: pieceBytes };
  if (encoding === "gzip") return createGunzip(options);
  if (encoding === "zstd") return createZstdDecompress(options);
  return hasZlibHeader(bytes) ? createInflate(options) : createInflateRaw(options);
}

/** Raw deflate is what Loki takes; some clients put zlib's header in front. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  return bytes.length > 2 && (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
}

async function* unpacked(bytes: Uint8Array, decoder: Transform): AsyncGenerator<Buffer> {
  decoder.end(bytes);
  try {
    yield* decoder as AsyncIterable<Buffer>;
  } finally {
    decoder.destroy();
  }
}

function damaged(encoding: string, cause: unknown): RatatoskError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "Z_BUF_ERROR") return unexpectedEnd();
  return encoding === "gzip" ? broken("gzip: invalid header") : broken(`${encoding}: corrupt input`);
}

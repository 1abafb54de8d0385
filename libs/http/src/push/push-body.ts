import { snappyUncompress } from "@ratatosk/kernels";
import { RatatoskError } from "@ratatosk/model";
import type { HttpRequest } from "../route.ts";
import type { ByteLease } from "./byte-budget.ts";
import { mediaType } from "./media-type.ts";
import { broken, tooLarge } from "./body-errors.ts";
import { decodePushJson } from "./push-json.ts";
import { decodePushProtobuf } from "./push-protobuf.ts";
import type { PushedEntries } from "./pushed-entries.ts";
import { type BodyLimits, decompress, type Encoding, receiveBody } from "./read-body.ts";

/** A push that has been received and freed of its Content-Encoding, not yet read. */
export interface PushBody {
  readonly form: "snappy protobuf" | "json" | "old json";
  readonly bytes: Uint8Array;
}

/** Receives the body of a push; JSON below `/api/prom/` has the old form. What it holds in memory counts against the lease. */
export async function receivePush(request: HttpRequest, limits: BodyLimits, lease: ByteLease): Promise<PushBody> {
  const json = mediaType(request.headers["content-type"]) === "application/json";
  const encoding = pushEncoding(request.headers["content-encoding"] ?? "");
  const received = await receiveBody(request.body, limits, lease);
  const bytes = await decompress(received, encoding, limits, lease);
  if (!json) return { form: "snappy protobuf", bytes };
  return { form: request.path.includes("/api/prom/") ? "old json" : "json", bytes };
}

function pushEncoding(header: string): Encoding {
  switch (header.toLowerCase()) {
    case "":
    case "identity":
    case "snappy":
      return "none";
    case "gzip":
      return "gzip";
    case "deflate":
      return "deflate";
    default:
      throw broken(`Content-Encoding "${header}" not supported`);
  }
}

/** Reads a received push into columns, which stay valid until the next call. Throws bad_request, or too_large. */
export function decodePush({ form, bytes }: PushBody, limits: BodyLimits, lease: ByteLease, into: PushedEntries): void {
  if (form === "snappy protobuf") decodePushProtobuf(unsnap(bytes, limits, lease), into);
  else decodePushJson(bytes, form === "json" ? "today" : "old", into);
}

function unsnap(bytes: Uint8Array, limits: BodyLimits, lease: ByteLease): Uint8Array {
  const size = snappySize(bytes);
  const most = Math.min(limits.maxDecompressedBytes, limits.budget.maxBytes);
  if (size > most) throw tooLarge("decompressed message size", size, most);
  lease.take(size);
  try {
    return snappyUncompress(bytes, size);
  } catch (error) {
    throw new RatatoskError("bad_request", "snappy: corrupt input", { cause: error });
  }
}

/** The size that the head of a snappy block announces. A block cannot grow more than 64-fold for each of its bytes. */
function snappySize(bytes: Uint8Array): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80 && size < 2 ** 32 && size <= 64 * bytes.length) return size;
    if (byte < 0x80) break;
  }
  throw broken("snappy: corrupt input");
}

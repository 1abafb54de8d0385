import type { HttpRequest } from "../route.ts";
import { broken } from "./body-errors.ts";
import type { ByteLease } from "./byte-budget.ts";
import { otlpJsonToProtobuf } from "./otlp-json.ts";
import { decodeOtlpProtobuf } from "./otlp-protobuf.ts";
import type { OtlpRules } from "./otlp-rules.ts";
import type { PushedEntries } from "./pushed-entries.ts";
import { type BodyLimits, decompress, type Encoding, receiveBody } from "./read-body.ts";

/** An OTLP request that has been received and freed of its Content-Encoding, not yet read. */
export interface OtlpBody {
  readonly form: "protobuf" | "json";
  readonly bytes: Uint8Array;
}

/** Receives the body of `/otlp/v1/logs`. What it holds in memory counts against the lease. */
export async function receiveOtlp(request: HttpRequest, limits: BodyLimits, lease: ByteLease): Promise<OtlpBody> {
  const form = otlpForm(request.headers["content-type"] ?? "");
  const encoding = otlpEncoding(request.headers["content-encoding"] ?? "");
  const received = await receiveBody(request.body, limits, lease);
  return { form, bytes: await decompress(received, encoding, limits, lease) };
}

function otlpForm(contentType: string): "protobuf" | "json" {
  const [type = ""] = contentType.split(";");
  if (type.trim() === "application/x-protobuf") return "protobuf";
  if (type.trim() === "application/json") return "json";
  throw broken(`content type: ${contentType} is not supported`);
}

function otlpEncoding(header: string): Encoding {
  if (header === "") return "none";
  if (header === "gzip" || header === "zstd" || header === "lz4") return header;
  throw broken(`unsupported content encoding ${header}: only gzip, lz4 and zstd are supported`);
}

/** Reads a received request into columns, which stay valid until the next call. Throws bad_request. */
export function decodeOtlp({ form, bytes }: OtlpBody, rules: OtlpRules, nowMs: number, into: PushedEntries): void {
  decodeOtlpProtobuf(form === "json" ? otlpJsonToProtobuf(bytes) : bytes, rules, nowMs, into);
}

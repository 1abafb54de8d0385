import { printBytes } from "@ratatosk/config";
import type { Refusal } from "@ratatosk/proto";
import { goTime, rfc3339 } from "./go-time.ts";

/** The refused rows of one stream, for one reason. */
export class RowRefusals {
  readonly #stream: string;
  readonly #tenant: string;
  readonly #reason: "too_far_behind" | "per_stream_rate_limit";
  readonly #most: number;
  readonly #shown: string[] = [];
  #entries = 0;
  #bytes = 0;

  constructor(reason: "too_far_behind" | "per_stream_rate_limit", tenant: string, stream: string, most: number) {
    this.#reason = reason;
    this.#tenant = tenant;
    this.#stream = stream;
    this.#most = most;
  }

  add(time: bigint, bytes: number, why: () => string): void {
    this.#entries++;
    this.#bytes += bytes;
    if (this.#shown.length < this.#most)
      this.#shown.push(`entry with timestamp ${goTime(time)} ignored, reason: '${why()}',\n`);
  }

  /** What the client is told, of `total` rows; undefined where none was refused. */
  refusal(total: number): Refusal | undefined {
    if (this.#entries === 0) return undefined;
    const tail = `user '${this.#tenant}', total ignored: ${this.#entries} out of ${total} for stream: ${this.#stream}`;
    return {
      status: this.#reason === "too_far_behind" ? 400 : 429,
      reason: this.#reason,
      message: this.#shown.join("") + tail,
      entries: this.#entries,
      bytes: this.#bytes,
    };
  }
}

export const tooFarBehind = (time: bigint, oldest: bigint): string =>
  `entry too far behind, entry timestamp is: ${rfc3339(time)}, oldest acceptable timestamp is: ${rfc3339(oldest)}`;

export const rateExceeded = (stream: string, limit: number, bytes: number): string =>
  `Per stream rate limit exceeded (limit: ${printBytes(limit)}/sec) while attempting to ingest for stream '${stream}' totaling ${printBytes(bytes)}, consider splitting a stream via additional labels or contact your Loki administrator to see if the limit can be increased`;

export const tooManyStreams = (stream: string, tenant: string): string =>
  `maximum active stream limit exceeded when trying to create stream ${stream}, reduce the number of active streams (reduce labels or reduce label values), or contact your Loki administrator to see if the limit can be increased, user: '${tenant}'`;

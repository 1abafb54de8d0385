import { Counter, Gauge, Histogram, type Registry } from "./prometheus.ts";

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100];
const MiB = 1024 * 1024;
const bytesBuckets = [1, 2.5, 5, 10, 25, 50, 100, 250].map((size) => size * MiB);

export interface RequestDone {
  /** `GET`, `POST`, `gRPC` … */
  readonly method: string;
  /** A path's template, or the full name of a gRPC method. */
  readonly path: string;
  readonly status: string;
  readonly seconds: number;
  readonly requestBytes?: number;
  readonly responseBytes?: number;
  readonly websocket?: boolean;
}

/** What every process says of the requests that it answers, HTTP and gRPC alike. */
export class RequestMetrics {
  readonly #seconds: Histogram;
  readonly #requestBytes: Histogram;
  readonly #responseBytes: Histogram;
  readonly #inflight: Gauge;
  readonly #panics: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ["method", "route"];
    this.#seconds = new Histogram({
      name: "loki_request_duration_seconds",
      help: "Time (in seconds) spent serving requests.",
      labelNames: ["method", "route", "status_code", "ws"],
      buckets: secondsBuckets,
      registers,
    });
    this.#requestBytes = new Histogram({
      name: "loki_request_message_bytes",
      help: "Size (in bytes) of messages received.",
      labelNames,
      buckets: bytesBuckets,
      registers,
    });
    this.#responseBytes = new Histogram({
      name: "loki_response_message_bytes",
      help: "Size (in bytes) of messages sent.",
      labelNames,
      buckets: bytesBuckets,
      registers,
    });
    this.#panics = new Counter({
      name: "loki_panic_total",
      help: "Requests that failed by a fault of the code.",
      registers,
    });
    this.#inflight = new Gauge({
      name: "loki_inflight_requests",
      help: "Requests being served now.",
      labelNames,
      registers,
    });
  }

  /** A handler failed by a fault of the code. */
  panicked(): void {
    this.#panics.inc();
  }

  began(method: string, path: string): void {
    this.#inflight.inc({ method, route: routeName(path) });
  }

  done({ method, path, status, seconds, requestBytes = 0, responseBytes = 0, websocket = false }: RequestDone): void {
    const route = routeName(path);
    this.#inflight.dec({ method, route });
    this.#seconds.observe({ method, route, status_code: status, ws: String(websocket) }, seconds);
    this.#requestBytes.observe({ method, route }, requestBytes);
    this.#responseBytes.observe({ method, route }, responseBytes);
  }
}

const names = new Map<string, string>();

/** A path's template as the label `route`: `/loki/api/v1/label/:name/values` → `loki_api_v1_label_name_values`. */
export function routeName(path: string): string {
  if (path.includes(".")) return path;
  const known = names.get(path);
  if (known !== undefined) return known;
  const name = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  names.set(path, name);
  return name;
}

import type { HttpRequest } from "@ratatosk/http";
import { Counter, Gauge, type Registry } from "@ratatosk/observability";

/** Senders that are remembered; the one that was quiet longest is forgotten first. */
const mostSenders = 500;
const longestAgent = 120;

interface Sender {
  readonly labels: { readonly tenant: string; readonly user_agent: string; readonly address: string };
  lastMs: number;
  lagMs: number;
  pushes: number;
  failures: number;
}

/** Who pushes: when last, how old its newest line was then, and how many of its pushes were not taken whole. */
export class Senders {
  readonly #known = new Map<string, Sender>();

  constructor(registry: Registry) {
    const labelNames = ["tenant", "user_agent", "address"] as const;
    const known = this.#known;
    const shared = { labelNames, registers: [registry] };
    const gauge = (name: string, help: string, read: (sender: Sender) => number): Gauge =>
      new Gauge({
        ...shared,
        name,
        help,
        collect() {
          this.reset();
          for (const sender of known.values()) this.set(sender.labels, read(sender));
        },
      });
    const counter = (name: string, help: string, read: (sender: Sender) => number): Counter =>
      new Counter({
        ...shared,
        name,
        help,
        collect() {
          this.reset();
          for (const sender of known.values()) this.inc(sender.labels, read(sender));
        },
      });
    gauge("ratatosk_sender_last_push_timestamp_seconds", "When a sender pushed last.", ({ lastMs }) => lastMs / 1000);
    gauge(
      "ratatosk_sender_lag_seconds",
      "Age of the newest line of a sender's last push that was taken.",
      ({ lagMs }) => lagMs / 1000,
    );
    counter("ratatosk_sender_pushes_total", "Pushes of a sender.", ({ pushes }) => pushes);
    counter(
      "ratatosk_sender_failed_pushes_total",
      "Pushes of a sender that were refused, in part or whole.",
      ({ failures }) => failures,
    );
  }

  pushed(request: HttpRequest, nowMs: number): void {
    const sender = this.#of(request);
    sender.lastMs = nowMs;
    sender.pushes++;
  }

  accepted(request: HttpRequest, lagMs: number): void {
    this.#of(request).lagMs = Math.max(0, lagMs);
  }

  failed(request: HttpRequest): void {
    this.#of(request).failures++;
  }

  #of({ tenants, headers, body }: HttpRequest): Sender {
    const tenant = tenants[0] ?? "";
    const userAgent = (headers["user-agent"] ?? "").slice(0, longestAgent);
    const address = (body.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const key = `${tenant}\u0000${userAgent}\u0000${address}`;
    const known = this.#known.get(key);
    const sender = known ?? {
      labels: { tenant, user_agent: userAgent, address },
      lastMs: 0,
      lagMs: 0,
      pushes: 0,
      failures: 0,
    };
    if (known !== undefined) this.#known.delete(key);
    else if (this.#known.size === mostSenders) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, sender);
    return sender;
  }
}

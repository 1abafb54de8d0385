import type { Sample } from "./metrics-text.ts";

/** Who pushes, as the metrics of those that are pushed to tell. */
export interface Sender {
  readonly tenant: string;
  readonly userAgent: string;
  readonly address: string;
  readonly lastSeconds: number;
  readonly lagSeconds: number;
  readonly pushes: number;
  readonly failures: number;
}

/**
 * The senders that processes tell of, the one heard of last first. Whoever pushes to several is told once, with all its
 * pushes, and as far behind as it was the last time.
 */
export function sendersOf(processes: readonly (readonly Sample[])[]): Sender[] {
  const senders = new Map<string, Sender>();
  for (const sender of processes.flatMap(sendersOfOne)) {
    const key = JSON.stringify([sender.tenant, sender.userAgent, sender.address]);
    const known = senders.get(key);
    senders.set(key, known === undefined ? sender : together(known, sender));
  }
  return [...senders.values()].sort((a, b) => b.lastSeconds - a.lastSeconds);
}

function together(a: Sender, b: Sender): Sender {
  const later = a.lastSeconds > b.lastSeconds ? a : b;
  return { ...later, pushes: a.pushes + b.pushes, failures: a.failures + b.failures };
}

function sendersOfOne(samples: readonly Sample[]): Sender[] {
  const senders = new Map<string, Record<string, number>>();
  for (const { name, labels, value } of samples) {
    const figure = /^ratatosk_sender_(.*)$/.exec(name)?.[1];
    if (figure === undefined) continue;
    const key = JSON.stringify([labels["tenant"] ?? "", labels["user_agent"] ?? "", labels["address"] ?? ""]);
    senders.set(key, { ...senders.get(key), [figure]: value });
  }
  return [...senders].map(([key, figures]) => {
    const [tenant, userAgent, address] = JSON.parse(key) as [string, string, string];
    return {
      tenant,
      userAgent,
      address,
      lastSeconds: figures["last_push_timestamp_seconds"] ?? 0,
      lagSeconds: figures["lag_seconds"] ?? 0,
      pushes: figures["pushes_total"] ?? 0,
      failures: figures["failed_pushes_total"] ?? 0,
    };
  });
}

import type { Sample } from "./metrics-text.ts";

/** Who pushes to a process, as its metrics tell. */
export interface Sender {
  readonly tenant: string;
  readonly userAgent: string;
  readonly address: string;
  readonly lastSeconds: number;
  readonly lagSeconds: number;
  readonly pushes: number;
  readonly failures: number;
}

/** The senders that a process tells of, the one heard of last first. */
export function sendersOf(samples: readonly Sample[]): Sender[] {
  const senders = new Map<string, Record<string, number>>();
  for (const { name, labels, value } of samples) {
    const figure = /^ratatosk_sender_(.*)$/.exec(name)?.[1];
    if (figure === undefined) continue;
    const key = JSON.stringify([labels["tenant"] ?? "", labels["user_agent"] ?? "", labels["address"] ?? ""]);
    senders.set(key, { ...senders.get(key), [figure]: value });
  }
  return [...senders]
    .map(([key, figures]) => {
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
    })
    .sort((a, b) => b.lastSeconds - a.lastSeconds);
}

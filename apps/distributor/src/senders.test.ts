import type { HttpRequest } from "@ratatosk/http";
import { Registry } from "@ratatosk/observability";
import { expect, test } from "vitest";
import { Senders } from "./senders.ts";

const from = (userAgent: string, address = "10.0.0.1"): HttpRequest =>
  ({
    tenants: ["a"],
    headers: { "user-agent": userAgent },
    body: { socket: { remoteAddress: `::ffff:${address}` } },
  }) as unknown as HttpRequest;

test("of each sender it is told when it pushed, how far behind it is, and what was not taken", async () => {
  const registry = new Registry();
  const senders = new Senders(registry);
  senders.pushed(from("alloy/1"), 5_000);
  senders.accepted(from("alloy/1"), 2_500);
  senders.pushed(from("alloy/1"), 7_000);
  senders.failed(from("alloy/1"));
  const metrics = await registry.metrics();
  const labels = '{tenant="a",user_agent="alloy/1",address="10.0.0.1"}';
  expect(metrics).toContain(`ratatosk_sender_last_push_timestamp_seconds${labels} 7`);
  expect(metrics).toContain(`ratatosk_sender_lag_seconds${labels} 2.5`);
  expect(metrics).toContain(`ratatosk_sender_pushes_total${labels} 2`);
  expect(metrics).toContain(`ratatosk_sender_failed_pushes_total${labels} 1`);
});

test("however many names come, the memory of them is bounded, and who is heard of stays", async () => {
  const registry = new Registry();
  const senders = new Senders(registry);
  for (let i = 0; i < 2_000; i++) {
    senders.pushed(from("faithful"), i);
    senders.pushed(from(`made-up-${i}`), i);
  }
  const lines = (await registry.metrics())
    .split("\n")
    .filter((line) => line.startsWith("ratatosk_sender_pushes_total"));
  expect(lines).toHaveLength(500);
  expect(lines.some((line) => line.includes("faithful") && line.endsWith(" 2000"))).toBe(true);
});

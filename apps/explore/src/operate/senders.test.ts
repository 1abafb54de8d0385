import { expect, test } from "vitest";
import { parseMetrics } from "./metrics-text.ts";
import { sendersOf } from "./senders.ts";

test("senders are told with when they pushed, how far behind they are and what failed, the last one first", () => {
  const metrics = `# HELP ratatosk_sender_lag_seconds x
ratatosk_sender_last_push_timestamp_seconds{tenant="a",user_agent="promtail/3",address="10.0.0.1"} 100
ratatosk_sender_last_push_timestamp_seconds{tenant="a",user_agent="alloy",address="10.0.0.2"} 200
ratatosk_sender_lag_seconds{tenant="a",user_agent="alloy",address="10.0.0.2"} 3.5
ratatosk_sender_pushes_total{tenant="a",user_agent="alloy",address="10.0.0.2"} 8
ratatosk_sender_failed_pushes_total{tenant="a",user_agent="alloy",address="10.0.0.2"} 1`;
  expect(sendersOf([parseMetrics(metrics)])).toEqual([
    { tenant: "a", userAgent: "alloy", address: "10.0.0.2", lastSeconds: 200, lagSeconds: 3.5, pushes: 8, failures: 1 },
    {
      tenant: "a",
      userAgent: "promtail/3",
      address: "10.0.0.1",
      lastSeconds: 100,
      lagSeconds: 0,
      pushes: 0,
      failures: 0,
    },
  ]);
});

test("a sender that pushes to several processes is told once, as far behind as it was the last time", () => {
  const metrics = (last: number, lag: number, pushes: number): string => `
ratatosk_sender_last_push_timestamp_seconds{tenant="a",user_agent="alloy",address="10.0.0.2"} ${last}
ratatosk_sender_lag_seconds{tenant="a",user_agent="alloy",address="10.0.0.2"} ${lag}
ratatosk_sender_pushes_total{tenant="a",user_agent="alloy",address="10.0.0.2"} ${pushes}
ratatosk_sender_failed_pushes_total{tenant="a",user_agent="alloy",address="10.0.0.2"} 1`;
  expect(sendersOf([metrics(200, 3, 8), metrics(100, 900, 2)].map(parseMetrics))).toEqual([
    { tenant: "a", userAgent: "alloy", address: "10.0.0.2", lastSeconds: 200, lagSeconds: 3, pushes: 10, failures: 2 },
  ]);
});

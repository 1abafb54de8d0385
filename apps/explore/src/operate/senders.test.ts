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
  expect(sendersOf(parseMetrics(metrics))).toEqual([
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

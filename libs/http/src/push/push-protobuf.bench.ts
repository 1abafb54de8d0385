import { test } from "vitest";
import { decodePushJson } from "./push-json.ts";
import { decodePushProtobuf } from "./push-protobuf.ts";
import { PushedEntries } from "./pushed-entries.ts";
import { pushRequest } from "./testing.ts";

const labels = '{app="cart", env="qa"}';
const entries = Array.from({ length: 5000 }, (_, i): [bigint, string, Record<string, string>] => [
  1_718_000_000_000_000_000n + BigInt(i),
  `10.0.0.${i % 256} - - "GET /api/v1/cart/${i} HTTP/1.1" 200 ${7 * i} "-" "Mozilla/5.0 (X11; Linux x86_64)" ${i % 97}ms`,
  i % 2 === 0 ? {} : { trace_id: `4bf92f${i}`, user: "ann" },
]);
const protobuf = pushRequest([{ labels, entries }]);
const values = entries.map(([time, line, metadata]) => [String(time), line, metadata]);
const json = Buffer.from(JSON.stringify({ streams: [{ stream: { app: "cart", env: "qa" }, values }] }));
const megabytes = (bytes: Uint8Array): string => `${(bytes.length / 1e6).toFixed(2)} MB`;

test("push bodies to columns", async ({ bench }) => {
  const pushed = new PushedEntries();
  await bench(`protobuf, ${megabytes(protobuf)}`, () => decodePushProtobuf(protobuf, pushed)).run();
  await bench(`JSON, ${megabytes(json)}`, () => decodePushJson(Buffer.from(json), "today", pushed)).run();
  await bench(`JSON.parse alone`, () => void JSON.parse(json.toString("latin1"))).run();
});

import { describe, expect, test } from "vitest";
import { decodePushProtobuf } from "./push-protobuf.ts";
import { PushedEntries } from "./pushed-entries.ts";
import { fields, outcomeOf, pushRequest, shown, varintField } from "./testing.ts";

function decoded(bytes: Uint8Array): unknown {
  const pushed = new PushedEntries();
  decodePushProtobuf(bytes, pushed);
  return shown(pushed);
}

const one = (entry: Buffer): Buffer => fields(1, fields(1, "{}"), fields(2, entry));

describe("a PushRequest", () => {
  test("becomes streams, times, lines and metadata", () => {
    const request = pushRequest([
      {
        labels: '{app="a"}',
        entries: [
          [1_718_000_000_000_000_007n, "one", { k: "v", "a.b": "" }],
          [-1n, ""],
        ],
      },
      { labels: '{app="b"}', entries: [] },
    ]);
    expect(decoded(request)).toEqual([
      {
        labels: '{app="a"}',
        entries: [
          ["1718000000.000000007", "one", ["k", "v"], ["a.b", ""]],
          ["-1.999999999", ""],
        ],
      },
      { labels: '{app="b"}', entries: [] },
    ]);
  });

  test("may hold fields that are not known, hashes and parsed labels", () => {
    const entry = Buffer.concat([fields(1, varintField(1, 5n)), fields(2, "x"), fields(4, fields(1, "p"))]);
    const stream = Buffer.concat([fields(1, "{}"), fields(2, entry), varintField(3, 99n)]);
    const request = Buffer.concat([fields(1, stream), fields(9, "later"), varintField(30, 5n)]);
    expect(decoded(request)).toEqual([{ labels: "{}", entries: [["5.000000000", "x"]] }]);
  });

  test("may hold an entry without a time, and a line twice, of which the last counts", () => {
    expect(decoded(one(Buffer.concat([fields(2, "a"), fields(2, "b")])))).toEqual([
      { labels: "{}", entries: [["-62135596800.000000000", "b"]] },
    ]);
  });
});

test.for<[string, Buffer, string]>([
  ["cut short", pushRequest([{ labels: "{}", entries: [[1n, "x"]] }]).subarray(0, -1), "unexpected EOF"],
  ["a field longer than the message", Buffer.from([10, 127, 1, 2]), "unexpected EOF"],
  ["a field longer than its parent", fields(1, Buffer.from([0x12, 9, 1])), "unexpected EOF"],
  ["a length of 64 bits", Buffer.from([10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]), "unexpected EOF"],
  ["a varint of eleven bytes", Buffer.from([10, ...Array<number>(10).fill(255), 1]), "proto: integer overflow"],
  ["a wrong wire type", Buffer.from([8, 1]), "proto: wrong wireType = 0 for field Streams"],
  ["field number zero", Buffer.from([2, 0]), "proto: PushRequest: illegal tag 0 (wire type 2)"],
  ["a wire type that does not exist", Buffer.from([0x1f]), "proto: illegal wireType 7"],
  [
    "nanoseconds above a second",
    one(fields(1, varintField(1, 5n), varintField(2, 1_500_000_000n))),
    "timestamp: &types.Timestamp{Seconds: 5,\nNanos: 1500000000,\n}: nanos not in range [0, 1e9)",
  ],
  [
    "negative nanoseconds",
    one(fields(1, varintField(1, 5n), varintField(2, -1n))),
    "timestamp: &types.Timestamp{Seconds: 5,\nNanos: -1,\n}: nanos not in range [0, 1e9)",
  ],
  [
    "seconds beyond any year",
    one(fields(1, varintField(1, 2n ** 40n))),
    "timestamp: &types.Timestamp{Seconds: 1099511627776,\nNanos: 0,\n}: after 10000-01-01",
  ],
  [
    "a label set of 20 MB",
    fields(1, fields(1, Buffer.alloc(20_000_000, 97))),
    "request body too large: stream labels size 20 MB exceeds limit of 17 MB",
  ],
])("%s is refused", ([, bytes, message]) => expect(() => decoded(bytes)).toThrow(message));

test("damage anywhere gives an error or a push, never a crash", () => {
  const whole = pushRequest([
    { labels: '{app="a"}', entries: [[1_718_000_000_000_000_007n, "a line of text", { key: "value" }]] },
  ]);
  for (let at = 0; at < whole.length; at++)
    for (const byte of [0, 1, 0x0a, 0x7f, 0x80, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      expect(["ok", "bad_request"]).toContain(outcomeOf(() => decoded(damaged)));
    }
});

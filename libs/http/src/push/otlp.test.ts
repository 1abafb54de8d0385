import { describe, expect, test } from "vitest";
import { decodeOtlp } from "./otlp-body.ts";
import type { OtlpRules } from "./otlp-rules.ts";
import { PushedEntries } from "./pushed-entries.ts";
import { fields, fixed64Field, outcomeOf, shown, varintField } from "./testing.ts";

const nowMs = 1_718_000_000_250;
const rules: OtlpRules = {
  resource: (name) => (name.startsWith("service.") ? "label" : name.startsWith("secret.") ? "drop" : "metadata"),
  scope: undefined,
  record: undefined,
  severityTextAsLabel: false,
};

type Shown = ReturnType<typeof shown>;

function decoded(bytes: Uint8Array, form: "json" | "protobuf", more: Partial<OtlpRules> = {}): Shown {
  const pushed = new PushedEntries();
  decodeOtlp({ form, bytes }, { ...rules, ...more }, nowMs, pushed);
  return shown(pushed);
}

const json = (request: unknown, more: Partial<OtlpRules> = {}): Shown =>
  decoded(Buffer.from(typeof request === "string" ? request : JSON.stringify(request)), "json", more);

/** A request of one record, with `service.name` for a resource. */
const one = (record: object, resource: object[] = [], scope?: object): object => ({
  resourceLogs: [
    {
      scopeLogs: [{ logRecords: [{ timeUnixNano: "5", ...record }], scope }],
      resource: { attributes: [{ key: "service.name", value: { stringValue: "cart" } }, ...resource] },
    },
  ],
});
const attribute = (key: string, value: object): object => ({ key, value });
const text = (stringValue: string): object => ({ stringValue });
const map = (...values: object[]): object => ({ kvlistValue: { values } });

describe("a record", () => {
  test("becomes an entry with the metadata of record, resource and scope", () => {
    const record = {
      observedTimeUnixNano: "1718000000000000007",
      severityNumber: 17,
      severityText: "Error",
      body: text("line"),
      attributes: [attribute("a.b", text("1")), attribute("event_name", text("other"))],
      droppedAttributesCount: 4,
      flags: 1,
      traceId: "0102030405060708090A0B0C0D0E0F10",
      spanId: "0000000000000000",
      eventName: "device.up",
    };
    const resource = [attribute("host.name", text("h")), attribute("secret.key", text("k"))];
    const scope = {
      name: "lib",
      version: "1",
      attributes: [attribute("s", { boolValue: true })],
      droppedAttributesCount: 3,
    };
    expect(json(one(record, resource, scope))).toEqual([
      {
        labels: '{service_name="cart"}',
        entries: [
          [
            "0.000000005",
            "line",
            ["a.b", "1"],
            ["dropped_attributes_count", "4"],
            ["flags", "1"],
            ["severity_number", "17"],
            ["severity_text", "Error"],
            ["trace_id", "0102030405060708090a0b0c0d0e0f10"],
            ["event_name", "device.up"],
            ["observed_timestamp", "1718000000000000007"],
            ["host.name", "h"],
            ["scope_name", "lib"],
            ["scope_version", "1"],
            ["s", "true"],
            ["scope_dropped_attributes_count", "3"],
          ],
        ],
      },
    ]);
  });

  test.for<[string, object, string]>([
    ["text", text('ünïcode "q"\n'), 'ünïcode "q"\n'],
    ["an int", { intValue: "-42" }, "-42"],
    ["an int beyond 2^53", { intValue: "9007199254740993" }, "9007199254740993"],
    ["a double", { doubleValue: 1e21 }, "1e+21"],
    ["a bool", { boolValue: false }, "false"],
    ["bytes", { bytesValue: "aGVsbG8=" }, "aGVsbG8="],
    ["a list", { arrayValue: { values: [text("a"), { intValue: "1" }, {}] } }, '["a",1,null]'],
    [
      "a map",
      map(attribute("b", text("<a>&")), attribute("a", map(attribute("d", { doubleValue: 0.5 })))),
      '{"a":{"d":0.5},"b":"<a>&"}',
    ],
    ["nothing", {}, ""],
  ])("has %s as line", ([, body, line]) => expect(json(one({ body }))[0]!.entries[0]![1]).toBe(line));

  test("has nested attributes flattened", () => {
    const value = map(attribute("x.y", text("1")), attribute("z", map(attribute("deep", { intValue: 2 }))));
    expect(json(one({ attributes: [attribute("attr", value)] }))[0]!.entries[0]!.slice(2)).toEqual([
      ["attr_x.y", "1"],
      ["attr_z_deep", "2"],
    ]);
  });

  test.for<[string, object, string]>([
    ["its own", {}, "0.000000005"],
    [
      "else that of its observation",
      { timeUnixNano: "0", observedTimeUnixNano: 1718000000000000123n },
      "1718000000.000000123",
    ],
    ["else now", { timeUnixNano: "0" }, "1718000000.250000000"],
    ["its own as a number, exactly", { timeUnixNano: 1718000000000000001n }, "1718000000.000000001"],
  ])("has a time: %s", ([, record, time]) => {
    const body = JSON.stringify(one(record), (_, value: unknown) => (typeof value === "bigint" ? `#${value}#` : value));
    expect(json(body.replaceAll(/"#(\d+)#"/g, "$1"))[0]!.entries[0]![0]).toBe(time);
  });

  test("may have its severity by name, and members in snake case", () => {
    const record = { severity_number: "SEVERITY_NUMBER_WARN2", body: { string_value: "x" }, later: { a: [1] } };
    expect(json(one(record))[0]!.entries[0]).toEqual(["0.000000005", "x", ["severity_number", "14"]]);
  });
});

test("streams are told apart by resource, and by severity where it is a label", () => {
  const record = (severityText: string): object => ({ timeUnixNano: "5", severityText });
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: ["A", "A", "B"].map(record) }] }] };
  expect(json(request, { severityTextAsLabel: true }).map(({ labels, entries }) => [labels, entries.length])).toEqual([
    ['{severity_text="A"}', 2],
    ['{severity_text="B"}', 1],
  ]);
  expect(json(request).map(({ labels, entries }) => [labels, entries.length])).toEqual([["{}", 3]]);
});

test("attributes of records and scopes are dropped where rules say so", () => {
  const drop = (name: string): "drop" | "metadata" => (name === "password" ? "drop" : "metadata");
  const record = { attributes: [attribute("password", text("p")), attribute("open", text("o"))] };
  const scope = { attributes: [attribute("password", text("p"))] };
  expect(json(one(record, [], scope), { record: drop, scope: drop })[0]!.entries[0]!.slice(2)).toEqual([["open", "o"]]);
});

test.for<[string, string]>([
  ["nothing", ""],
  ["text cut short", '{"resourceLogs":[{"scop'],
  ["another type", '{"resourceLogs":{"a":1}}'],
  ["a list", "[]"],
  ["a trace id of two bytes", JSON.stringify(one({ traceId: "0102" }))],
  ["a trace id that is no hexadecimal", JSON.stringify(one({ traceId: "zz".repeat(16) }))],
  ["a time that is none", JSON.stringify(one({ timeUnixNano: "soon" }))],
  [
    "nesting without end",
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${'{"arrayValue":{"values":['.repeat(100)}`,
  ],
])("JSON with %s is refused", ([, body]) => expect(outcomeOf(() => json(body))).toBe("bad_request"));

test.for<[string, Buffer, string]>([
  ["cut short", Buffer.from([10, 200, 1, 2]), "unexpected EOF"],
  ["with a time of another type", fields(1, fields(2, fields(2, varintField(1, 5n)))), "proto: wrong wireType = 0"],
  ["with a span id of three bytes", fields(1, fields(2, fields(2, fields(10, "abc")))), "invalid length for SpanID"],
])("protobuf %s is refused", ([, bytes, message]) => expect(() => decoded(bytes, "protobuf")).toThrow(message));

test("values nested too deep are refused, not followed", () => {
  let value = fields(1, "x");
  for (let i = 0; i < 200; i++) value = fields(5, fields(1, value));
  const record = Buffer.concat([fixed64Field(1, 5n), fields(5, value)]);
  expect(outcomeOf(() => decoded(fields(1, fields(2, fields(2, record))), "protobuf"))).toBe("bad_request");
});

test("damage anywhere gives an error or a push, never a crash", () => {
  const pair = fields(
    6,
    fields(1, "key"),
    fields(2, fields(6, fields(1, fields(1, "k"), fields(2, varintField(3, 7n))))),
  );
  const record = Buffer.concat([
    fixed64Field(1, 5n),
    fields(5, fields(1, "line")),
    pair,
    fields(9, Buffer.alloc(16, 1)),
  ]);
  const resource = fields(1, fields(1, fields(1, "service.name"), fields(2, fields(1, "cart"))));
  const whole = fields(1, resource, fields(2, fields(1, fields(1, "lib")), fields(2, record)));
  expect(decoded(whole, "protobuf")[0]!.entries[0]!.slice(1, 3)).toEqual(["line", ["key_k", "7"]]);
  for (let at = 0; at < whole.length; at++)
    for (const byte of [0, 1, 0x0a, 0x7f, 0x80, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      expect(["ok", "bad_request"]).toContain(outcomeOf(() => decoded(damaged, "protobuf")));
    }
});

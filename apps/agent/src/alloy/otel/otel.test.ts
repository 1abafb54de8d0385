import { expect, test } from "vitest";
import { lokiEntries } from "./loki-entry.ts";
import type { ResourceLogs } from "./logs.ts";
import { decodeLogs } from "./protobuf.ts";

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const logs = (attributes: Record<string, string>, record: object): ResourceLogs[] => [
  {
    resource: { attributes: Object.entries(attributes).map(([key, value]) => text(key, value)) },
    scopeLogs: [{ logRecords: [{ timeUnixNano: "5", ...record }] }],
  },
];

test.each([
  [
    logs({ "service.name": "shop", "service.namespace": "prod", "service.instance.id": "i" }, { severityNumber: 9 }),
    { exporter: "OTLP", job: "prod/shop", instance: "i", level: "INFO" },
    '{"resources":{"service.instance.id":"i","service.name":"shop","service.namespace":"prod"}}',
  ],
  [
    logs({ "loki.resource.labels": "host.name, zone", "host.name": "h", zone: "z" }, { body: { stringValue: "x" } }),
    { exporter: "OTLP", host_name: "h", zone: "z" },
    '{"body":"x"}',
  ],
  [
    logs(
      { "loki.format": "logfmt", zone: "z" },
      { body: { stringValue: 'msg="two words" n=5' }, severityText: "INFO" },
    ),
    { exporter: "OTLP" },
    'msg="two words" n=5 severity=INFO resource_zone=z',
  ],
  [logs({ "loki.format": "raw" }, { body: { intValue: "5" } }), { exporter: "OTLP" }, "5"],
])("%# becomes an entry", (request, labels, line) => {
  const [entry] = lokiEntries(request);
  expect({ labels: Object.fromEntries(entry!.labels), line: entry!.line, time: entry!.timeUnixNano }).toEqual({
    labels,
    line,
    time: 5n,
  });
});

const field = (number: number, piece: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, piece.length]), piece]);

test("protobuf has the same form as JSON", () => {
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeBigUInt64LE(7n, 1);
  const record = Buffer.concat([
    time,
    Buffer.from([2 << 3, 9]),
    field(5, field(1, Buffer.from("hello"))),
    field(9, Buffer.from("ab", "hex")),
  ]);
  const request = field(1, field(2, field(2, record)));
  expect(decodeLogs(request)).toEqual([
    {
      scopeLogs: [
        { logRecords: [{ timeUnixNano: "7", severityNumber: 9, body: { stringValue: "hello" }, traceId: "ab" }] },
      ],
    },
  ]);
  expect(() => decodeLogs(request.subarray(0, request.length - 1))).toThrow("unexpected end of message");
});

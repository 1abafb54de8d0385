import { expect, test } from "vitest";
import { sourceRows, type Snapshot } from "./snapshot.ts";
import { printTop, readableAge, readableBytes } from "./table.ts";

const snapshot = (lines: number, bytes: number): Snapshot => ({
  jobs: [
    {
      job: "system",
      targets: [
        { details: [{ name: "/var/log/a.log", lagBytes: 0, lines, bytes }] },
        { details: [{ name: "/b\x1b[2J", lagBytes: 2048, lines: 1, bytes: 10, lastError: "EACCES" }] },
      ],
    },
    {
      job: "docker",
      targets: [{ details: [{ name: "web", lagBytes: 0, lines: 7, bytes: 70 }] }],
    },
  ],
  clients: [
    { url: "loki:3100", tenant: "", batches: 2, bytes: 3 * 1024 * 1024, oldestMs: 1000, lastError: "HTTP 503" },
  ],
});

test("rates come from two snapshots; what lags stands first, control characters do not reach the terminal", () => {
  const after = snapshot(120, 4096);
  const rows = sourceRows(snapshot(100, 0), after, 2);
  expect(printTop(after, rows, 201_000)).toBe(
    [
      "SERVER     TENANT  WAITING   BUFFER  OLDEST  LAST ERROR",
      "loki:3100  -             2  3.0 MiB   3m20s  HTTP 503",
      "",
      "JOB     SOURCE          LINES/S  BYTES/S      LAG  LAST ERROR",
      "system  /b?[2J              0.0      0 B  2.0 KiB  EACCES",
      "system  /var/log/a.log       10  2.0 KiB      0 B",
      "docker  web                 0.0      0 B      0 B",
      "",
    ].join("\n"),
  );
});

test("a terminal gets no more than it can show", () => {
  const text = printTop(snapshot(0, 0), [], 0, { columns: 10, lines: 2 });
  expect(text).toBe("SERVER    \nloki:3100 \n");
});

test.each([
  [0, "0 B"],
  [0.4, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [200 * 1024 ** 3, "200 GiB"],
])("%d bytes read %s", (bytes, text) => expect(readableBytes(bytes)).toBe(text));

test.each([
  [999, "0s"],
  [61_000, "1m1s"],
  [7_260_000, "2h1m"],
])("%d ms read %s", (ms, text) => expect(readableAge(ms)).toBe(text));

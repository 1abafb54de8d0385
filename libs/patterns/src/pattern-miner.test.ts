import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PatternMiner } from "./pattern-miner.ts";

function mine(lines: readonly string[]): Record<string, number> {
  const miner = new PatternMiner();
  for (const line of lines) miner.add(line, 0);
  return Object.fromEntries(miner.patterns().map(({ text, total }) => [text, total]));
}

const times = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));

test("what varies becomes a wildcard, what stays remains", () => {
  const lines = [
    ...times(5, (i) => `order ${i} placed in ${i * 7}ms by ann${i}`),
    ...times(3, (i) => `GET /api/orders/${i}a HTTP/1.1`),
    "starting up",
  ];
  expect(mine(lines)).toEqual({
    "order <_> placed in <_> by <_>": 5,
    "GET <_> HTTP/1.1": 3,
    "starting up": 1,
  });
});

test("dates, addresses, ids and units are values from the first line on", () => {
  expect(mine(["2026-01-15T10:00:00.5Z [10.0.0.7:80] id=4bf92f3577b34da6 took 1.5ms"])).toEqual({
    "<_> [<_>] id=<_> took <_>": 1,
  });
});

test("white space and separators belong to the pattern, so that it can be used as a line filter", () => {
  expect(Object.keys(mine(["a  b=1", "a b=1"]))).toEqual(["a  b=<_>", "a b=<_>"]);
});

test("counts go to the bucket of the line, with the weight that it stands for", () => {
  const miner = new PatternMiner();
  for (const [bucket, weight] of [
    [0, 1],
    [0, 4],
    [3, 2],
  ] as const)
    miner.add(`took ${bucket}${weight}ms`, bucket, weight);
  expect(miner.patterns()).toEqual([
    {
      text: "took <_>",
      template: "took <_>",
      total: 7,
      counts: new Map([
        [0, 5],
        [3, 2],
      ]),
    },
  ]);
});

test("patterns that several miners found are put together as their lines would have been", () => {
  const all = new PatternMiner();
  const together = new PatternMiner();
  for (const name of ["ann", "bob", "eve"]) {
    const one = new PatternMiner();
    for (let i = 0; i < 4; i++)
      for (const line of [`session opened for user ${name} from 10.0.0.${i}`, `[${i}${i}] slow, ${name}`]) {
        all.add(line, i);
        one.add(line, i);
      }
    for (const { template, counts } of one.patterns())
      for (const [bucket, count] of counts) together.addPattern(template, bucket, count);
  }
  expect(together.patterns()).toEqual(all.patterns());
  expect(together.patterns()[0]).toMatchObject({ text: "session opened for user <_> from <_>", total: 12 });
});

test("no more patterns are held than allowed: those not seen for longest go", () => {
  const miner = new PatternMiner({ mostPatterns: 10 });
  const word = (i: number): string => "abcdefghijklmnopqrstuvwxyz"[i % 26]!.repeat(3 + (i % 5));
  for (let i = 0; i < 500; i++) miner.add(`${word(i)} ${word(i * 3)} ${word(i * 7)} end`, 0);
  expect(miner.patterns().length).toBeLessThanOrEqual(10);
});

test.each([
  ["", 0],
  ["x".repeat(1_000_000), 1],
  ["a ".repeat(100_000), 1],
  ["\u0000\ud800\n", 1],
])("a line of any kind is taken (%#)", (line, patterns) => {
  expect(Object.keys(mine([line]))).toHaveLength(patterns);
});

const samples = new URL("../../../../shared/data/loghub/", import.meta.url);

test.runIf(existsSync(samples)).each([
  ["Apache", "[<_> <_> <_> <_> <_>] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties"],
  ["Apache", "[<_> <_> <_> <_> <_>] [error] mod_jk child workerEnv in error state <_>"],
  ["HDFS", "<_> <_> <_> INFO dfs.DataNode$PacketResponder: PacketResponder <_> for block <_> terminating"],
  ["HDFS", "<_> <_> <_> INFO dfs.FSDataset: Deleting block <_> file <_>"],
  ["OpenSSH", "<_> <_> <_> LabSZ sshd[<_>]: pam_unix(sshd:auth): check pass; user unknown"],
  ["OpenSSH", "<_> <_> <_> LabSZ sshd[<_>]: Invalid user <_> from <_>"],
  ["Zookeeper", "<_> <_>,<_> - INFO  [<_>] - Received connection request <_>"],
  ["Spark", "<_> <_> INFO executor.Executor: Running task <_> in stage <_> (TID <_>)"],
])("%s has the pattern %s", (name, pattern) => {
  const lines = readFileSync(new URL(`${name}_2k.log`, samples), "utf8")
    .split(/\r?\n/)
    .filter(Boolean);
  const found = mine(lines);
  expect(Object.keys(found)).toContain(pattern);
  const literals = pattern.split("<_>").map((text) => text.replace(/[^\w\s]/g, String.raw`\$&`));
  const filter = new RegExp(`^${literals.join(".+")}$`);
  expect(lines.filter((line) => filter.test(line)).length).toBeGreaterThanOrEqual(found[pattern]!);
});

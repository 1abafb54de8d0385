import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, untilAllRead } from "./agent.ts";
import { freePort } from "./free-port.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const logger = realPart("logger");
const folder = mkdtempSync(join(tmpdir(), "e2e-syslog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const senders = [
  { job: "tcp-rfc5424", listener: "", flags: ["--tcp", "--rfc5424"] },
  { job: "tcp-octets", listener: "", flags: ["--tcp", "--rfc5424", "--octet-count"] },
  { job: "udp-rfc5424", listener: "listen_protocol: udp, ", flags: ["--udp", "--rfc5424"] },
  { job: "tcp-rfc3164", listener: "syslog_format: rfc3164, ", flags: ["--tcp", "--rfc3164"] },
  { job: "udp-rfc3164", listener: "listen_protocol: udp, syslog_format: rfc3164, ", flags: ["--udp", "--rfc3164"] },
];

describe.runIf(logger !== undefined)("messages of the logger command arrive once", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const ports = new Map<string, number>();
  let server: RatatoskProcess;
  let agent: RatatoskProcess;

  beforeAll(async () => {
    for (const { job } of senders) ports.set(job, await freePort());
    server = await (await serverProcess({ folder })).start();
    const jobs = senders.map(
      ({ job, listener }) => `job_name: ${job}
syslog: {${listener}listen_address: "127.0.0.1:${ports.get(job)}", labels: {job: ${job}}}
relabel_configs: [{source_labels: [__syslog_message_app_name], target_label: app}]`,
    );
    agent = await agentProcess({ folder, serverUrl: server.url, jobs });
    await agent.start({ untilReady: false });
    await untilAllRead(agent, jobs.length);
  }, 60_000);
  afterAll(async () => {
    await agent?.stop();
    await server?.kill();
  });

  test.each(senders)("$job", async ({ job, flags }) => {
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i} of ${job}, with "quotes" and ünïcode`);
    const goal = ["--server", "127.0.0.1", "--port", String(ports.get(job)), "--tag", "shop"];
    for (const text of texts) execFileSync(logger!, [...goal, ...flags, "--", text]);
    const query = `{job="${job}", app="shop"}`;
    const found = await readBackOnce(server.url, query, { count: texts.length, startNanos, patienceMs: 15_000 });
    expect(found.sort()).toEqual(texts.sort());
  });
});

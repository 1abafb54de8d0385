import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, untilAllRead } from "./agent.ts";
import { freePort } from "./free-port.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const rsyslogd = realPart("rsyslogd");
const openssl = realPart("openssl");
const folder = mkdtempSync(join(tmpdir(), "e2e-syslog-tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const senders = [
  { job: "rfc5424-octets", listener: "", template: "RSYSLOG_SyslogProtocol23Format", framing: "octet-counted" },
  { job: "rfc5424-lines", listener: "", template: "RSYSLOG_SyslogProtocol23Format", framing: "traditional" },
  {
    job: "rfc3164-octets",
    listener: "syslog_format: rfc3164, ",
    template: "RSYSLOG_TraditionalForwardFormat",
    framing: "octet-counted",
  },
];

describe.runIf(rsyslogd !== undefined && openssl !== undefined)(
  "messages that rsyslog sends by TLS arrive once",
  () => {
    const startNanos = BigInt(Date.now()) * 1_000_000n;
    const [certificate, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
    const input = join(folder, "input.log");
    const texts = Array.from({ length: 200 }, (_, i) => `message ${i}, with "quotes" and ünïcode`);
    let server: RatatoskProcess;
    let agent: RatatoskProcess;
    let sender: ChildProcess;

    beforeAll(async () => {
      const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
      const pair = ["-keyout", key, "-out", certificate, "-newkey", "rsa:2048", "-nodes", "-days", "2"];
      execFileSync(openssl!, ["req", "-x509", ...pair, ...subject], { stdio: "pipe" });
      const ports = new Map<string, number>();
      for (const { job } of senders) ports.set(job, await freePort());
      server = await (await serverProcess({ folder })).start();
      const jobs = senders.map(
        ({ job, listener }) => `job_name: ${job}
syslog:
  {${listener}listen_address: "127.0.0.1:${ports.get(job)}", labels: {job: ${job}}, tls_config: {cert_file: ${certificate}, key_file: ${key}}}
relabel_configs: [{source_labels: [__syslog_message_app_name], target_label: app}]`,
      );
      agent = await agentProcess({ folder, serverUrl: server.url, jobs });
      await agent.start({ untilReady: false });
      await untilAllRead(agent, jobs.length);
      sender = sendingTo(ports);
    }, 60_000);
    afterAll(async () => {
      sender?.kill("SIGTERM");
      if (sender && sender.exitCode === null) await once(sender, "exit");
      await agent?.stop();
      await server?.kill();
    });

    /** An rsyslogd of this test's own that sends each line of a file to every listener. */
    function sendingTo(ports: ReadonlyMap<string, number>): ChildProcess {
      const actions = senders.map(
        ({ job, template, framing }) =>
          `action(type="omfwd" target="127.0.0.1" port="${ports.get(job)}" protocol="tcp" template="${template}" TCP_Framing="${framing}" StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="anon" action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="LinkedList")`,
      );
      const file = join(folder, "rsyslog.conf");
      writeFileSync(
        file,
        `global(workDirectory="${folder}" DefaultNetstreamDriverCAFile="${certificate}")
module(load="imfile" mode="polling" pollingInterval="1")
input(type="imfile" File="${input}" Tag="shop:" Facility="local0" Severity="notice")
${actions.join("\n")}
`,
      );
      writeFileSync(input, texts.map((text) => `${text}\n`).join(""));
      return spawn(rsyslogd!, ["-n", "-f", file, "-i", join(folder, "rsyslog.pid")], { stdio: "ignore" });
    }

    test.each(senders)(
      "$job",
      async ({ job }) => {
        const query = `{job="${job}", app="shop"}`;
        const found = await readBackOnce(server.url, query, { count: texts.length, startNanos, patienceMs: 30_000 });
        expect(found.map((text) => text.trim()).sort()).toEqual(texts.toSorted());
      },
      60_000,
    );
  },
);

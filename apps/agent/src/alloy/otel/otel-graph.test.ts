import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { createLogger } from "@ratatosk/observability";
import { afterAll, expect, test } from "vitest";
import { PushSink } from "../../testing/push-sink.ts";
import { AlloyAgent } from "../alloy-agent.ts";
import { encodeLogs } from "./protobuf.ts";

const directory = mkdtempSync(join(tmpdir(), "otel-graph-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test(
  "lines become OTLP's logs, go out by HTTP, come in again, and lines that come by gRPC too",
  { timeout: 60_000 },
  async () => {
    const sink = new PushSink();
    const sinkUrl = await sink.listen();
    const [http, grpc] = [await freePort(), await freePort()];
    const log = join(directory, "app.log");
    writeFileSync(log, "key AKIAIOSFODNN7EXAMPLE\nsecond\n");
    const text = `
loki.source.file "f" {
  targets    = [{__path__ = ${JSON.stringify(log)}, app = "shop"}]
  forward_to = [loki.enrich.e.receiver]
}

loki.enrich "e" {
  targets            = [{name = "shop", team = "sales", other = "no"}]
  target_match_label = "name"
  logs_match_label   = "app"
  labels_to_copy     = ["team"]
  forward_to         = [loki.secretfilter.s.receiver]
}

loki.secretfilter "s" {
  redact_with = "<$SECRET_NAME>"
  forward_to  = [otelcol.receiver.loki.r.receiver]
}

otelcol.receiver.loki "r" {
  output {
    logs = [otelcol.exporter.otlphttp.o.input]
  }
}

otelcol.exporter.otlphttp "o" {
  client {
    endpoint = "http://127.0.0.1:${http}"
  }

  retry_on_failure {
    initial_interval = "50ms"
    max_interval     = "100ms"
  }
}

otelcol.receiver.otlp "in" {
  http {
    endpoint = "127.0.0.1:${http}"
  }

  grpc {
    endpoint = "127.0.0.1:${grpc}"
  }

  output {
    logs = [otelcol.exporter.loki.l.input]
  }
}

otelcol.exporter.loki "l" {
  forward_to = [loki.process.raw.receiver]
}

loki.process "raw" {
  forward_to = [loki.write.w.receiver]

  stage.json {
    expressions = {body = ""}
  }

  stage.output {
    source = "body"
  }
}

loki.write "w" {
  endpoint {
    url        = ${JSON.stringify(sinkUrl)}
    batch_wait = "50ms"
  }
}
`;
    const agent = new AlloyAgent({
      log: createLogger("silent"),
      storagePath: directory,
      isExperimental: true,
      path: join(directory, "c.alloy"),
      read: () => [{ name: "c.alloy", text }],
    });
    agent.load();
    agent.check();
    await agent.start();
    await callGrpc(
      grpc,
      encodeLogs([{ scopeLogs: [{ logRecords: [{ timeUnixNano: "7", body: { stringValue: "by gRPC" } }] }] }]),
    );
    const labels = `{app="shop", exporter="OTLP", filename=${JSON.stringify(log)}, team="sales"}`;
    await expect.poll(() => sink.lines.length, { timeout: 40_000 }).toBe(3);
    expect(Object.fromEntries(sink.streams)).toEqual({
      [labels]: ["key <aws-access-key>", "second"],
      '{exporter="OTLP"}': ["by gRPC"],
    });
    await agent.stop();
    sink.close();
  },
);

/** One call to OTLP's log service. */
async function callGrpc(port: number, request: Buffer): Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, request, (error) => (error ? reject(error) : resolve()));
  });
  client.close();
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";
import { Webhook } from "./webhook.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const caller = "00f067aa0ba902b7";
const pushTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const queryTrace = "5bf92f3577b34da6a3ce929d0e0e4736";
const unsampledTrace = "6bf92f3577b34da6a3ce929d0e0e4736";

describe("spans of processes apart, sent by OTLP", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-tracing-"));
  const receiver = new Webhook();
  let processes: RatatoskProcess[] = [];

  beforeAll(async () => {
    const port = await freePort();
    const flags = [
      `--tracing.endpoint=${await receiver.start()}/v1/traces`,
      `--storage.filesystem.directory=${join(folder, "store")}`,
      `--ring.members=[127.0.0.1:${port}]`,
      `--server.grpc_listen_port=${port}`,
      "--ring.health_period=200ms",
    ];
    const started = async (role: string): Promise<RatatoskProcess> =>
      (await serverProcess({ role, folder: join(folder, role), flags })).start();
    processes = await Promise.all(["distributor", "ingester", "querier"].map(started));
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.kill()));
    receiver.stop();
    rmSync(folder, { recursive: true });
  });

  const spans = (): (Span & { service: string })[] =>
    (receiver.received as Export[])
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ resource, scopeSpans }) => {
        const service = resource.attributes.find(({ key }) => key === "service.name")!.value.stringValue!;
        return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service })));
      });
  const spansOf = (trace: string) => spans().filter(({ traceId }) => traceId === trace);

  /** Who is whose parent, as `service: name < name of the parent`; the caller's own span is `caller`. */
  const tree = (trace: string): Set<string> => {
    const nameOf = new Map(spansOf(trace).map(({ spanId, name }) => [spanId, name]));
    nameOf.set(caller, "caller");
    return new Set(
      spansOf(trace).map(({ service, name, parentSpanId = "" }) => `${service}: ${name} < ${nameOf.get(parentSpanId)}`),
    );
  };

  const query = async (headers: Record<string, string>): Promise<number> => {
    const text = new URLSearchParams({ query: '{app="traced"} |= "line"', since: "1h" });
    const response = await fetch(`${processes[2]!.url}/loki/api/v1/query_range?${text}`, { headers });
    const { data } = (await response.json()) as { data: { result: { values: unknown[] }[] } };
    return data.result.flatMap(({ values }) => values).length;
  };

  test("a push is one tree across the processes it meets, and so is a query, down to the store", async () => {
    const headers = { "Content-Type": "application/json", traceparent: `00-${pushTrace}-${caller}-01` };
    const body = JSON.stringify({
      streams: [{ stream: { app: "traced" }, values: [[`${Date.now()}000000`, "a line"]] }],
    });
    const url = `${processes[0]!.url}/loki/api/v1/push`;
    const pushed = await until(async () => (await fetch(url, { method: "POST", headers, body })).status === 204);
    expect(pushed).toBe(true);
    expect((await fetch(`${processes[1]!.url}/flush`, { method: "POST" })).status).toBe(204);
    await until(async () => (await (await fetch(`${processes[1]!.url}/metrics`)).text()).includes("memory_chunks 0"));
    await until(async () => (await query({ traceparent: `00-${queryTrace}-${caller}-01` })) === 1);
    expect(await query({ traceparent: `00-${unsampledTrace}-${caller}-00` })).toBe(1);
    expect(await query({})).toBe(1);
    // What is left is sent when a process stops.
    expect(await Promise.all(processes.map((one) => one.stop()))).toEqual([0, 0, 0]);

    expect(tree(pushTrace)).toEqual(
      new Set([
        "ratatosk-distributor: POST /loki/api/v1/push < caller",
        "ratatosk-distributor: push < POST /loki/api/v1/push",
        "ratatosk-ingester: /ratatosk.v1.Ingester/Push < push",
      ]),
    );
    expect([...tree(queryTrace)]).toEqual(
      expect.arrayContaining([
        "ratatosk-querier: GET /loki/api/v1/query_range < caller",
        "ratatosk-querier: query < GET /loki/api/v1/query_range",
        "ratatosk-ingester: /ratatosk.v1.Ingester/Read < query",
        "ratatosk-querier: store get_range < query",
      ]),
    );
    expect(spansOf(unsampledTrace)).toEqual([]);
  });

  test("what nobody asked for begins a trace of its own: the shipping; what nobody needs to know begins none: health", () => {
    const flush = spans().find(({ name }) => name === "flush")!;
    expect(flush.parentSpanId).toBeUndefined();
    expect(tree(flush.traceId)).toContain("ratatosk-ingester: store upload < flush");
    const own = spans().filter(({ name, traceId }) => name === "query" && traceId !== queryTrace);
    expect(own).toHaveLength(1);
    expect(spansOf(own[0]!.traceId).filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
    expect(spans().filter(({ name }) => /ready|Status|Health/.test(name))).toEqual([]);
  });
});

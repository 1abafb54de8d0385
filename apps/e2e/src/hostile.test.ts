import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";

const slowClients = 200;

describe("a server among hostile clients", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-hostile-"));
  let server: RatatoskProcess;

  beforeAll(async () => {
    const flags = ["--server.http_server_read_timeout=2s", "--auth_enabled=true"];
    server = await serverProcess({ folder, flags });
    await server.start();
  });
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  function opened(text: string): Socket {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => undefined).resume();
    socket.write(text);
    return socket;
  }

  async function answerTo(text: string): Promise<string> {
    const socket = opened(text);
    let answer = "";
    socket.on("data", (part) => (answer += String(part)));
    await new Promise((resolve) => socket.once("close", resolve));
    return answer;
  }

  test("those who send a byte now and then are cut off, and meanwhile others are answered", async () => {
    const head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: h\r\nX-Scope-OrgID: a\r\n";
    const body = `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
    const sockets = Array.from({ length: slowClients }, (_, i) => opened(i % 2 === 0 ? head : body));
    const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write("x")), 100);
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    await closed;
    clearInterval(drip);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  test.each([
    ["a header of 2 MiB", `GET /ready HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(2 ** 21)}\r\n\r\n`, 431],
    ["a line of 2 MiB", `GET /${"x".repeat(2 ** 21)} HTTP/1.1\r\nHost: h\r\n\r\n`, 431],
    ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400],
    ["two lengths", "POST /flush HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
  ])("%s is refused", async (_what, request, status) => {
    // Whoever still sends may learn only that the connection is gone.
    expect([`HTTP/1.1 ${status}`, ""]).toContain((await answerTo(request)).slice(0, 12));
  });

  test("a body that says it has a terabyte is refused before it comes", async () => {
    const head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: h\r\nX-Scope-OrgID: a\r\nContent-Type: application/json\r\n";
    const socket = opened(`${head}Content-Length: 1099511627776\r\n\r\n{`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test("an error of the disk tells neither path nor code", async () => {
    writeFileSync(join(folder, "data/blocked"), "");
    const headers = { "X-Scope-OrgID": "blocked" };
    const body = "name: g\nrules: [{record: a, expr: vector(1)}]\n";
    const answer = await fetch(`${server.url}/loki/api/v1/rules/ns`, { method: "POST", headers, body });
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(text).toMatch(/^object store: E\w+: [a-z ]+$/);
  });
});

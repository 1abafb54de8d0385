import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashPassword } from "@ratatosk/access";
import { hasOpenssl, TestAuthority } from "@ratatosk/access/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { RatatoskProcess } from "./process.ts";

const program = fileURLToPath(new URL("../../ratatosk/bin/ratatosk.mjs", import.meta.url));
const run = promisify(execFile);
const password = "a password: with a colon";
const token = "a-token-that-nobody-guesses";

describe.runIf(hasOpenssl())("three services with certificates, and users with tenants", () => {
  const folder = mkdtempSync(join(tmpdir(), "e2e-secure-"));
  const authority = new TestAuthority(folder, "authority");
  const http = authority.issue("http");
  const service = authority.issue("service", "DNS:ingester");
  let ingester: RatatoskProcess;
  let distributor: RatatoskProcess;
  let querier: RatatoskProcess;

  beforeAll(async () => {
    setDefaultCACertificates([...getCACertificates("default"), readFileSync(authority.caFile, "utf8")]);
    const grpcPort = await freePort();
    const hash = await hashPassword(password, 10);
    const file = join(folder, "config.yaml");
    writeFileSync(
      file,
      JSON.stringify({
        auth_enabled: true,
        auth: {
          users: [{ name: "ali", password_hash: hash, tenants: ["a", "b"], rights: ["read"] }],
          tokens: [{ name: "agent", token, tenants: ["a"], rights: ["write"] }],
        },
        server: {
          log_level: "info",
          http_tls_config: { cert_file: http.certFile, key_file: http.keyFile },
          grpc_tls_config: { cert_file: service.certFile, key_file: service.keyFile, client_ca_file: authority.caFile },
        },
        ingester_client: {
          grpc_client_config: {
            tls_enabled: true,
            tls_ca_path: authority.caFile,
            tls_cert_path: service.certFile,
            tls_key_path: service.keyFile,
            tls_server_name: "ingester",
          },
        },
        querier: { multi_tenant_queries_enabled: true },
        storage: { filesystem: { directory: join(folder, "objects") } },
        ring: { members: [`127.0.0.1:${grpcPort}`], health_period: "200ms" },
      }),
    );
    const processOf = async (role: string): Promise<RatatoskProcess> => {
      const port = await freePort();
      const ports = [`--server.http_listen_port=${port}`, `--server.grpc_listen_port=${grpcPort}`];
      const args = [role, `--config.file=${file}`, ...ports];
      const inside = join(folder, role);
      return new RatatoskProcess({ args, folder: inside, name: role, url: `https://localhost:${port}` });
    };
    [ingester, distributor, querier] = await Promise.all([
      processOf("ingester"),
      processOf("distributor"),
      processOf("querier"),
    ]);
    await ingester.start();
    await Promise.all([distributor.start(), querier.start()]);
  });
  afterAll(async () => {
    await Promise.all([ingester, distributor, querier].map((process) => process.kill()));
    rmSync(folder, { recursive: true });
  });

  const basic = { Authorization: `Basic ${Buffer.from(`ali:${password}`).toString("base64")}` };

  async function client(command: string, url: string, args: string[], input = ""): Promise<string> {
    const server = ["--url", url, "--ca-cert", authority.caFile];
    const child = run(process.execPath, [program, command, ...server, ...args]);
    child.child.stdin!.end(input);
    return (await child).stdout;
  }

  test("lines go in with a token and come out with a password, over TLS all the way", async () => {
    await client("push", distributor.url, ["--bearer-token", token, "--label", "app=secure"], "a secret line\n");
    const asked = ["--username", "ali", "--password", password, '{app="secure"}', "--output", "raw"];
    expect(await client("query", querier.url, asked)).toBe("a secret line\n");
  });

  test.each([
    ["without credentials", {}, 401],
    ["with another tenant", { ...basic, "X-Scope-OrgID": "c" }, 403],
    ["with a token that may only write", { Authorization: `Bearer ${token}` }, 403],
    ["of one's own tenants", { ...basic, "X-Scope-OrgID": "a|b" }, 200],
  ])("a query %s is answered %s", async (_with, headers, status) => {
    const answer = await fetch(`${querier.url}/loki/api/v1/labels`, { headers });
    expect(answer.status).toBe(status);
  });

  test("a tail is closed to strangers and tells whoever is let in", async () => {
    const url = `${querier.url.replace("https:", "wss:")}/loki/api/v1/tail?query=${encodeURIComponent('{app="secure"}')}`;
    await expect(firstOf(new WebSocket(url))).resolves.toBe("closed");
    // Node's WebSocket takes headers where browsers take protocols.
    const options = { headers: { ...basic, "X-Scope-OrgID": "a" } } as unknown as string[];
    await expect(firstOf(new WebSocket(url, options))).resolves.toContain("a secret line");
  });

  test("/ready and /metrics are open, other pages are not, and no secret is on them or in a log", async () => {
    const statusOf = async (path: string): Promise<number> => (await fetch(`${querier.url}${path}`)).status;
    await expect(Promise.all(["/ready", "/metrics", "/ui/", "/config"].map(statusOf))).resolves.toEqual([
      200, 200, 401, 401,
    ]);
    const logs = ["ingester", "distributor", "querier"].map((role) =>
      readFileSync(join(folder, role, `${role}.log`), "utf8"),
    );
    for (const secret of [password, token, "$scrypt$"]) expect(logs.join("")).not.toContain(secret);
  });
});

/** The first message of a websocket, or `closed`. */
async function firstOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      resolve(String(data));
      socket.close();
    });
    socket.addEventListener("close", () => resolve("closed"));
    socket.addEventListener("error", () => resolve("closed"));
  });
}

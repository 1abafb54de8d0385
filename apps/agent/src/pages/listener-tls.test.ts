import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasOpenssl, TestAuthority } from "@ratatosk/access/testing";
import { createLogger } from "@ratatosk/observability";
import { afterAll, describe, expect, test } from "vitest";
import type { TlsServerConfig } from "../config/agent-config.ts";
import { listenerTls } from "./listener-tls.ts";
import { PageServer } from "./page-server.ts";

const log = createLogger("silent");
const ready = { methods: ["GET"], path: "/ready", tenant: "none", errors: "text" } as const;

/** What a client gets from `/ready`. */
async function asked(config: TlsServerConfig, client: object): Promise<number | string> {
  const tls = await listenerTls(config, log);
  const server = new PageServer([{ ...ready, handle: () => ({ status: 200, body: "Ready" }) }], { tls });
  const { port } = await server.listen(0, "127.0.0.1");
  const answer = await new Promise<number | string>((resolve) => {
    get(`https://localhost:${port}/ready`, { agent: false, ...client }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on("error", () => resolve("refused"));
  });
  await server.close(0);
  return answer;
}

describe.runIf(hasOpenssl())("pages by TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-tls-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const authority = new TestAuthority(folder, "ours");
  const files = authority.issue("server");
  const ca = readFileSync(authority.caFile);
  const pair = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };

  test("by certificates in files", async () => {
    expect(await asked(files, { ca })).toBe(200);
    expect(await asked(files, {})).toBe("refused");
  });

  test("by certificates in the configuration", async () => {
    const given = { cert: pair.cert.toString(), key: pair.key.toString() };
    expect(await asked({ certFile: "", keyFile: "", given }, { ca })).toBe(200);
  });

  test("clients must show a certificate where that is asked for", async () => {
    const config = { ...files, caFile: authority.caFile, clientAuth: "RequireAndVerifyClientCert" } as const;
    expect(await asked(config, { ca })).toBe("refused");
    expect(await asked(config, { ca, ...pair })).toBe(200);
  });

  test("files that are not there are refused with their name", async () => {
    const config = { certFile: join(folder, "none.pem"), keyFile: files.keyFile };
    await expect(listenerTls(config, log)).rejects.toThrow("none.pem: cannot be read");
  });
});

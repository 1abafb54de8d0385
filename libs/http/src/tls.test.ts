import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { Certificates, type ServerTls, serverTls, TlsServerConfig } from "@ratatosk/access";
import { hasOpenssl, TestAuthority } from "@ratatosk/access/testing";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { HttpServer } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "http-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function listening(tls: ServerTls | undefined): Promise<number> {
  const handle = () => ({ status: 200, body: "ready" });
  const routes = [{ methods: ["GET"], path: "/ready", tenant: "none", errors: "text", handle }] as const;
  const server = new HttpServer({ routes, authEnabled: false, multiTenantQueries: false, tls });
  servers.push(server);
  return (await server.listen(0, "127.0.0.1")).port;
}

/** The status, or what went wrong. */
async function statusAt(port: number, options: object): Promise<number | string> {
  return new Promise((resolve) => {
    get(`https://localhost:${port}/ready`, { agent: false, ...options }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    }).on("error", () => resolve("refused"));
  });
}

describe.runIf(hasOpenssl())("with certificates", () => {
  const ours = new TestAuthority(folder, "ours");
  const theirs = new TestAuthority(folder, "theirs");
  const server = ours.issue("server");
  const pairs = { ours: ours.issue("client"), theirs: theirs.issue("stranger"), none: undefined };
  const ca = readFileSync(ours.caFile);
  const files = { cert_file: server.certFile, key_file: server.keyFile };

  test.each([
    ["NoClientCert", 200, 200, 200],
    ["RequestClientCert", 200, 200, 200],
    ["RequireAnyClientCert", "refused", 200, 200],
    ["VerifyClientCertIfGiven", 200, 200, "refused"],
    ["RequireAndVerifyClientCert", "refused", 200, "refused"],
    ["", "refused", 200, "refused"],
  ])("%s answers a client without a certificate %s, one of ours %s, a stranger %s", async (type, ...answers) => {
    const ca_file = type === "NoClientCert" ? {} : { client_ca_file: ours.caFile };
    const port = await listening(serverTls(TlsServerConfig.parse({ ...files, ...ca_file, client_auth_type: type })));
    const clients = [pairs.none, pairs.ours, pairs.theirs].map((pair) => ({
      ca,
      ...(pair && { cert: readFileSync(pair.certFile), key: readFileSync(pair.keyFile) }),
    }));
    const got = [];
    for (const client of clients) got.push(await statusAt(port, client));
    expect(got).toEqual(answers);
  });

  test("a client that believes others does not speak, and one without TLS gets no answer", async () => {
    const port = await listening(serverTls(TlsServerConfig.parse(files)));
    await expect(statusAt(port, { ca: readFileSync(theirs.caFile) })).resolves.toBe("refused");
    await expect(fetch(`http://localhost:${port}/ready`)).rejects.toThrow("fetch failed");
  });

  test("certificates are read again, once key and certificate fit", async () => {
    const at = { certFile: join(folder, "live.pem"), keyFile: join(folder, "live.key") };
    const use = (pair: typeof server, part: "certFile" | "keyFile"): void => copyFileSync(pair[part], at[part]);
    use(server, "certFile");
    use(server, "keyFile");
    const reloads: (Error | undefined)[] = [];
    const certificates = new Certificates({ files: at, periodMs: 10, onReload: (error) => reloads.push(error) });
    const port = await listening({ certificates, clients: { requested: false, required: false, verified: false } });
    await expect(subjectAt(port)).resolves.toBe("server");
    const next = ours.issue("next");
    use(next, "certFile");
    await vi.waitFor(() => expect(reloads.length).toBe(1));
    await expect(subjectAt(port)).resolves.toBe("server");
    use(next, "keyFile");
    await vi.waitFor(async () => expect(await subjectAt(port)).toBe("next"));
  });

  async function subjectAt(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "localhost", servername: "localhost", ca }, () => {
        resolve(socket.getPeerCertificate().subject.CN);
        socket.destroy();
      }).on("error", reject);
    });
  }

  test.each([
    [{ cert_file: server.certFile }, "TLS needs cert_file and key_file"],
    [{ client_ca_file: ours.caFile }, "TLS needs cert_file and key_file"],
    [{ ...files, client_ca_file: ours.caFile, client_auth_type: "NoClientCert" }, "client_ca_file has no effect"],
    [{ ...files, cert_file: "/nowhere.pem" }, "/nowhere.pem: cannot be read"],
    [{ ...files, key_file: pairs.ours.keyFile }, "no usable certificate"],
  ])("%j is refused", (config, message) => expect(() => serverTls(TlsServerConfig.parse(config))).toThrow(message));
});

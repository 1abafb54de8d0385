import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TlsClientConfig } from "@ratatosk/access";
import { hasOpenssl, TestAuthority } from "@ratatosk/access/testing";
import { afterEach, describe, expect, test } from "vitest";
import { memberAsker } from "./ask-member.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const asker = (tls: Partial<TlsClientConfig> = {}, prefix = "") =>
  memberAsker({ tls: TlsClientConfig.parse(tls), prefix, onReload: () => undefined });

/** Answers with what it was asked, and by whom. */
const echo: RequestListener = ({ url, headers }, outgoing) =>
  outgoing.writeHead(202, { "Content-Type": "text/x" }).end(`${url} ${headers.authorization ?? "nobody"}`);

test("a member is asked below the prefix, with the credentials of whoever asks", async () => {
  const address = await listening(createServer(echo));
  const { status, type, body } = await asker({}, "/logs")(address, "/ready", "Bearer x");
  expect([status, type, body.toString()]).toEqual([202, "text/x", "/logs/ready Bearer x"]);
  expect((await asker()(address, "/ready")).body.toString()).toBe("/ready nobody");
});

test("one that is not there, or answers without end, does not answer", async () => {
  const endless = createServer((_, outgoing) => {
    const more = (): void => {
      while (outgoing.write(Buffer.alloc(1024 * 1024)));
    };
    outgoing.on("drain", more);
    more();
  });
  await expect(asker()(await listening(endless), "/metrics")).rejects.toThrow(
    "does not answer: more than 16777216 bytes",
  );
  const gone = await listening(createServer(echo));
  servers.pop()!.close();
  await expect(asker()(gone, "/metrics")).rejects.toThrow(`${gone} does not answer: connect ECONNREFUSED`);
});

describe.runIf(hasOpenssl())("over TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "members-tls-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("credentials are told to none but a member whose certificate is believed", async () => {
    const ours = new TestAuthority(folder, "ours");
    const own = ours.issue("member", "DNS:querier");
    const pems = { cert: readFileSync(own.certFile), key: readFileSync(own.keyFile) };
    const asked: string[] = [];
    const server = createTlsServer(pems, (incoming, outgoing) => {
      asked.push(incoming.url!);
      echo(incoming, outgoing);
    });
    const address = await listening(server);
    const known = { tls_enabled: true, tls_ca_path: ours.caFile, tls_server_name: "querier" };
    expect((await asker(known)(address, "/ready", "Bearer x")).body.toString()).toBe("/ready Bearer x");
    for (const wrong of [
      { ...known, tls_ca_path: "" },
      { ...known, tls_server_name: "other" },
      { ...known, tls_server_name: "" },
    ])
      await expect(asker(wrong)(address, "/ready", "Bearer x")).rejects.toThrow("does not answer");
    expect(asked).toEqual(["/ready"]);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverTls, TlsClientConfig, TlsServerConfig } from "@ratatosk/access";
import { hasOpenssl, TestAuthority } from "@ratatosk/access/testing";
import type { IngesterApi } from "@ratatosk/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientChannel, GrpcServer, IngesterClient, ingesterService, QuerierClient } from "./index.ts";

describe.runIf(hasOpenssl())("services that know each other by certificates", () => {
  const folder = mkdtempSync(join(tmpdir(), "rpc-tls-"));
  const ours = new TestAuthority(folder, "ours");
  const theirs = new TestAuthority(folder, "theirs");
  const own = ours.issue("service", "DNS:ingester");
  const stranger = theirs.issue("stranger", "DNS:ingester");
  let server: GrpcServer;

  beforeAll(async () => {
    const tls = { cert_file: own.certFile, key_file: own.keyFile, client_ca_file: ours.caFile };
    server = new GrpcServer({
      address: "127.0.0.1",
      port: 0,
      maxMessageBytes: 1000,
      services: [ingesterService({} as IngesterApi, () => ({ id: "log", name: "host", state: "ACTIVE" }))],
      tls: serverTls(TlsServerConfig.parse(tls)),
      isServing: () => true,
      graceMs: 0,
    });
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const known = { tls_enabled: true, tls_ca_path: ours.caFile, tls_cert_path: own.certFile, tls_key_path: own.keyFile };

  test.each([
    ["our certificate", { ...known, tls_server_name: "ingester" }, true],
    ["our certificate, believing everybody", { ...known, tls_ca_path: "", tls_insecure_skip_verify: true }, true],
    ["a name that the server does not have", { ...known, tls_server_name: "querier" }, false],
    ["an address that the server's certificate does not name", known, false],
    ["another authority", { ...known, tls_ca_path: theirs.caFile, tls_server_name: "ingester" }, false],
    ["no authority", { ...known, tls_ca_path: "", tls_server_name: "ingester" }, false],
    ["no certificate", { tls_enabled: true, tls_ca_path: ours.caFile, tls_server_name: "ingester" }, false],
    [
      "a stranger's certificate",
      { ...known, tls_cert_path: stranger.certFile, tls_key_path: stranger.keyFile, tls_server_name: "ingester" },
      false,
    ],
    ["no TLS", {}, false],
  ])("with %s", async (_with, config, isAnswered) => {
    const client = new IngesterClient(`127.0.0.1:${server.port}`, clientChannel(TlsClientConfig.parse(config)));
    const answer = client.status().then(
      ({ id }) => id,
      () => "refused",
    );
    await expect(answer).resolves.toBe(isAnswered ? "log" : "refused");
    client.close();
    const querier = new QuerierClient(`127.0.0.1:${server.port}`, clientChannel(TlsClientConfig.parse(config)));
    await expect(querier.isServing()).resolves.toBe(isAnswered);
    querier.close();
  });
});

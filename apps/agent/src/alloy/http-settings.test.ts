import { expect, test } from "vitest";
import { createLogger } from "@ratatosk/observability";
import { AlloyAgent } from "./alloy-agent.ts";
import { listenerTlsOf, mayAsk, type HttpSettings } from "./http-settings.ts";

/** What the agent is told of an `http` block. */
function settingsOf(block: string): HttpSettings {
  let settings: HttpSettings | undefined;
  const agent = new AlloyAgent({
    log: createLogger("silent"),
    storagePath: "",
    isExperimental: false,
    path: "a.alloy",
    read: () => [{ name: "a.alloy", text: `http {\n${block}\n}\n` }],
    onHttp: (args) => {
      settings = args;
    },
  });
  agent.load();
  return settings!;
}

const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
const user = 'auth {\n basic {\n username = "u"\n password = "p:w"\n }\n';

test.each([
  [`${user} }`, "/metrics", basic("u", "p:w"), true],
  [`${user} }`, "/metrics", basic("u", "p"), false],
  [`${user} }`, "/metrics", undefined, false],
  [`${user} filter {\n paths = ["/metrics"]\n }\n }`, "/-/ready", undefined, true],
  [`${user} filter {\n paths = ["/metrics"]\n }\n }`, "/metrics", undefined, false],
  [`${user} filter {\n paths = ["/-/"]\n authenticate_matching_paths = false\n }\n }`, "/-/ready", undefined, true],
  [`${user} filter {\n paths = ["/-/"]\n authenticate_matching_paths = false\n }\n }`, "/", undefined, false],
  ["", "/", undefined, true],
])("with %j %s may be asked with %s: %s", (block, path, authorization, may) => {
  expect(mayAsk(settingsOf(block), path, authorization)).toBe(may);
});

test("TLS comes from files or from texts", () => {
  const files = 'tls {\n cert_file = "c"\n key_file = "k"\n client_auth_type = "RequestClientCert"\n }';
  expect(listenerTlsOf(settingsOf(files).tls)).toMatchObject({
    certFile: "c",
    keyFile: "k",
    clientAuth: "RequestClientCert",
    given: {},
  });
  const texts = 'tls {\n cert_pem = "c"\n key_pem = "k"\n }';
  expect(listenerTlsOf(settingsOf(texts).tls)).toMatchObject({ certFile: "", given: { cert: "c", key: "k" } });
});

test.each([
  ['tls {\n cert_file = "c"\n }', "a listener with TLS needs a key"],
  ['tls {\n cert_file = "c"\n cert_pem = "c"\n key_file = "k"\n }', "cannot specify both cert_file and cert_pem"],
  ["auth { }", "basic"],
])("%j is refused", (block, message) => {
  expect(() => settingsOf(block)).toThrow(message);
});

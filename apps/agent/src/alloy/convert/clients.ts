import type { Fields, YamlNode } from "../../config/yaml-node.ts";
import { attribute, durationText, sizeText, unless, type Written, written } from "./writer.ts";

const text = (fields: Fields, key: string): Written | undefined => unless(key, fields.take(key)?.text(), "");

function duration(fields: Fields, key: string, as: string, usualMs: number): Written | undefined {
  const ms = fields.duration(key, usualMs);
  return ms === usualMs ? undefined : attribute(as, durationText(ms));
}

function map(fields: Fields, key: string): Written | undefined {
  const found = fields.textMap(key);
  return found.size > 0 ? attribute(key, found) : undefined;
}

function texts(fields: Fields, key: string): Written | undefined {
  const found = fields.texts(key);
  return found.length > 0 ? attribute(key, found) : undefined;
}

export const tlsBlock = (fields: Fields): Written | undefined => {
  const node = fields.take("tls_config");
  if (node === undefined) return undefined;
  return node.fields((tls) =>
    written("tls_config", [
      unless("ca_pem", tls.text("ca"), ""),
      text(tls, "ca_file"),
      unless("cert_pem", tls.text("cert"), ""),
      text(tls, "cert_file"),
      unless("key_pem", tls.text("key"), ""),
      text(tls, "key_file"),
      text(tls, "server_name"),
      unless("insecure_skip_verify", tls.boolean("insecure_skip_verify"), false),
      text(tls, "min_version"),
    ]),
  );
};

function authorization(fields: Fields): Written | undefined {
  const token = fields.text("bearer_token");
  const file = fields.text("bearer_token_file");
  const given = fields.take("authorization");
  if (token !== "" || file !== "")
    return written("authorization", [
      attribute("type", "Bearer"),
      unless("credentials", token, ""),
      unless("credentials_file", file, ""),
    ]);
  return given?.fields((auth) =>
    written("authorization", [
      attribute("type", auth.text("type", "Bearer")),
      text(auth, "credentials"),
      text(auth, "credentials_file"),
    ]),
  );
}

/** Credentials, TLS and proxy of an HTTP client, as blocks and attributes. */
export function httpParts(fields: Fields): (Written | undefined)[] {
  const basic = fields
    .take("basic_auth")
    ?.fields((auth) =>
      written("basic_auth", [text(auth, "username"), text(auth, "password"), text(auth, "password_file")]),
    );
  const oauth = fields
    .take("oauth2")
    ?.fields((auth) =>
      written("oauth2", [
        text(auth, "client_id"),
        text(auth, "client_secret"),
        text(auth, "client_secret_file"),
        texts(auth, "scopes"),
        text(auth, "token_url"),
        map(auth, "endpoint_params"),
        text(auth, "proxy_url"),
        tlsBlock(auth) ?? written("tls_config", []),
      ]),
    );
  const blocks = [basic, authorization(fields), oauth, tlsBlock(fields)];
  const proxy = [text(fields, "proxy_url"), text(fields, "no_proxy")];
  fields.ignore("proxy_from_environment", "proxy_connect_header", "http_headers");
  const follow = unless("follow_redirects", fields.boolean("follow_redirects", true), true);
  const http2 = unless("enable_http2", fields.boolean("enable_http2", true), true);
  return [...blocks, ...proxy, follow, http2];
}

/** A client as a `loki.write`. */
export function convertClient(node: YamlNode, label: string): Written {
  return node.fields((fields) => {
    const name = text(fields, "name");
    const url = attribute("url", fields.text("url"));
    const backoff = fields
      .take("backoff_config")
      ?.fields((one) => [
        duration(one, "min_period", "min_backoff_period", 500),
        duration(one, "max_period", "max_backoff_period", 300_000),
        unless("max_backoff_retries", one.integer("max_retries", 10), 10),
      ]);
    const size = fields.bytes("batchsize", 1_048_576);
    const endpoint = written("endpoint", [
      name,
      url,
      duration(fields, "batchwait", "batch_wait", 1000),
      size === 1_048_576 ? undefined : attribute("batch_size", sizeText(size)),
      duration(fields, "timeout", "remote_timeout", 10_000),
      text(fields, "tenant_id"),
      map(fields, "headers"),
      ...(backoff ?? []),
      fields.boolean("drop_rate_limited_batches") ? attribute("retry_on_http_429", false) : undefined,
      ...httpParts(fields),
    ]);
    const labels = fields.textMap("external_labels");
    fields.ignore("stream_lag_labels");
    return written("loki.write", [endpoint, attribute("external_labels", labels)], label);
  });
}

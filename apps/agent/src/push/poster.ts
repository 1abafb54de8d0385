import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestOptions } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { Agent as HttpAgent, nodeHttps, request as httpRequest } from "../node-http.ts";
import type { ClientConfig, HttpClientConfig, TlsClientConfig } from "./client-config.ts";

/** A server's answer: status, how long it asks to wait, the first line of the body. */
export interface PostAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}

const maxText = 1024;

/** Posts bodies to one URL, over connections that stay open. */
export class Poster {
  readonly #config: Pick<ClientConfig, "timeoutMs" | "http">;
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: undefined as HttpsAgent | undefined };
  #token: { value: string; expiresMs: number } | undefined;

  constructor(config: Pick<ClientConfig, "timeoutMs" | "http">) {
    this.#config = config;
  }

  /** Rejects where no answer comes within the timeout. */
  async post(url: string, body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<PostAnswer> {
    const authorization = await this.#authorization(signal);
    const all = {
      ...this.#config.http.headers,
      ...headers,
      ...(authorization ? { Authorization: authorization } : {}),
    };
    const answer = await this.#send(new URL(url), body, all, signal);
    const { statusCode = 0, headers: got } = answer.response;
    const goesOn = [307, 308].includes(statusCode) && this.#config.http.followRedirects !== false;
    if (goesOn && got.location) return answerOf(await this.#send(new URL(got.location, url), body, all, signal));
    return answerOf(answer);
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https?.destroy();
  }

  #send(url: URL, body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const isTls = url.protocol === "https:";
    const proxy = this.#config.http.proxyUrl;
    const options: RequestOptions = {
      method: "POST",
      headers: { ...headers, "Content-Length": String(body.length) },
      agent: isTls ? this.#httpsAgent() : this.#agents.http,
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#config.timeoutMs)]),
    };
    if (proxy && !isTls) return exchange(httpRequest, new URL(proxy), { ...options, path: url.href }, body, url.host);
    return exchange(isTls ? nodeHttps().request : httpRequest, url, options, body);
  }

  #httpsAgent(): HttpsAgent {
    return (this.#agents.https ??= new (nodeHttps().Agent)({ keepAlive: true, ...tlsOptions(this.#config.http.tls) }));
  }

  async #authorization(signal: AbortSignal): Promise<string | undefined> {
    const { basicAuth, authorization, oauth2 } = this.#config.http;
    if (basicAuth) {
      const username = basicAuth.usernameFile ? secret(basicAuth.usernameFile) : basicAuth.username;
      const password = basicAuth.passwordFile ? secret(basicAuth.passwordFile) : basicAuth.password;
      return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    }
    if (authorization) {
      const { type, credentials, credentialsFile } = authorization;
      return `${type} ${credentialsFile ? secret(credentialsFile) : credentials}`;
    }
    return oauth2 ? `Bearer ${await this.#oauthToken(oauth2, signal)}` : undefined;
  }

  async #oauthToken(oauth: NonNullable<HttpClientConfig["oauth2"]>, signal: AbortSignal): Promise<string> {
    if (this.#token && this.#token.expiresMs > Date.now()) return this.#token.value;
    const client = oauth.clientSecretFile ? secret(oauth.clientSecretFile) : oauth.clientSecret;
    const form = new URLSearchParams({ grant_type: "client_credentials", ...oauth.endpointParams });
    if (oauth.scopes.length > 0) form.set("scope", oauth.scopes.join(" "));
    const basic = Buffer.from(`${encodeURIComponent(oauth.clientId)}:${encodeURIComponent(client)}`).toString("base64");
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Authorization: `Basic ${basic}` };
    const answer = await this.#send(new URL(oauth.tokenUrl), Buffer.from(form.toString()), headers, signal);
    if (answer.response.statusCode !== 200)
      throw new Error(`oauth2: cannot fetch token: ${answer.response.statusCode} ${answer.text.slice(0, 200)}`);
    const token = JSON.parse(answer.text) as { access_token: string; expires_in?: number };
    this.#token = { value: token.access_token, expiresMs: Date.now() + ((token.expires_in ?? 300) - 10) * 1000 };
    return token.access_token;
  }
}

interface Answer {
  readonly response: IncomingMessage;
  readonly text: string;
}

function exchange(
  send: typeof httpRequest,
  url: URL,
  options: RequestOptions,
  body: Buffer,
  host?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...(options.headers as Record<string, string>), ...(host ? { Host: host } : {}) };
    const outgoing = send(url, { ...options, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        if (text.length < 65_536) text += part.toString();
      });
      response.on("error", reject);
      // Not with the response's end: a server may answer before it has read the body, which is then still being written.
      outgoing.on("close", () =>
        response.complete ? resolve({ response, text }) : reject(new Error("the answer was cut off")),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function answerOf({ response, text }: Answer): PostAnswer {
  const line = text.split("\n", 1)[0]!.slice(0, maxText);
  return { status: response.statusCode ?? 0, retryAfterMs: retryAfter(response.headers["retry-after"]), text: line };
}

/** `Retry-After`: seconds, or an HTTP date. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

const secret = (path: string): string => readFileSync(path, "utf8").trim();

/** TLS options of a client as Node names them. */
export function tlsOptions(tls: TlsClientConfig = {}): Record<string, unknown> {
  const ca = tls.caFile ? readFileSync(tls.caFile) : tls.ca;
  const cert = tls.certFile ? readFileSync(tls.certFile) : tls.cert;
  const key = tls.keyFile ? readFileSync(tls.keyFile) : tls.key;
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(tls.serverName ? { servername: tls.serverName } : {}),
    ...(tls.insecureSkipVerify ? { rejectUnauthorized: false } : {}),
    ...(tls.minVersion ? { minVersion: tls.minVersion } : {}),
    ...(tls.maxVersion ? { maxVersion: tls.maxVersion } : {}),
  };
}

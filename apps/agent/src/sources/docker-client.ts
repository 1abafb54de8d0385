import type { IncomingMessage, RequestOptions } from "node:http";
import type { DockerSdConfig } from "../config/agent-config.ts";
import { nodeHttps, request as httpRequest } from "../node-http.ts";
import { tlsOptions } from "../push/poster.ts";

export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Ports: readonly { PrivatePort: number; PublicPort?: number; IP?: string; Type: string }[];
  readonly HostConfig: { readonly NetworkMode: string };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { NetworkID: string; IPAddress: string }>> };
}

export interface ContainerDetails {
  readonly Config: { readonly Tty: boolean };
  readonly HostConfig: { readonly LogConfig: { readonly Type: string } };
  readonly State: { readonly Running: boolean };
  /** On the engine's host, of logs that it keeps in files. */
  readonly LogPath?: string;
}

export interface DockerNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Scope: string;
  readonly Ingress: boolean;
  readonly Internal: boolean;
  readonly Labels: Readonly<Record<string, string>> | null;
}

const timeoutMs = 30_000;
const maxBodyBytes = 64 * 1024 * 1024;

/** Docker's HTTP API, over a socket or TCP. */
export class DockerClient {
  readonly #config: DockerSdConfig;

  constructor(config: DockerSdConfig) {
    this.#config = config;
  }

  /** A JSON answer. Throws where the engine answers an error, with its message. */
  async get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    const response = await this.open(path, query, AbortSignal.timeout(timeoutMs));
    return JSON.parse(await textOf(response)) as T;
  }

  /** An answer that is read piece by piece. */
  async open(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
    const search = new URLSearchParams(query).toString();
    const response = await this.#request(`${path}${search === "" ? "" : `?${search}`}`, signal);
    if (response.statusCode === 200) return response;
    const body = await textOf(response);
    throw new Error(`docker answered ${response.statusCode} to ${path}: ${body.slice(0, 300)}`);
  }

  #request(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { host, http } = this.#config;
    const url = new URL(host.replace(/^tcp:/, http.tls ? "https:" : "http:"));
    const { basicAuth } = http;
    const headers = basicAuth
      ? { Authorization: `Basic ${Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString("base64")}` }
      : {};
    const target: RequestOptions =
      url.protocol === "unix:"
        ? { socketPath: url.pathname }
        : { host: url.hostname, port: url.port || (url.protocol === "https:" ? 443 : 2375), ...tlsOptions(http.tls) };
    const send = url.protocol === "https:" ? nodeHttps().request : httpRequest;
    return new Promise((resolve, reject) => {
      send({ ...target, path, headers: { Host: "docker", ...headers }, signal }, resolve)
        .on("error", reject)
        .end();
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) throw new Error("docker's answer is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** The filters of the configuration as the API takes them. */
export const filtersOf = ({ filters }: DockerSdConfig): string =>
  JSON.stringify(Object.fromEntries([...filters].map(([name, values]) => [name, values])));

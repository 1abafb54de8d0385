/** Credentials and TLS of an HTTP client, as Promtail and Alloy both have them. Files are read again at each use. */
export interface HttpClientConfig {
  readonly basicAuth?: { username: string; usernameFile?: string; password: string; passwordFile?: string };
  readonly authorization?: { type: string; credentials: string; credentialsFile?: string };
  readonly oauth2?: {
    clientId: string;
    clientSecret: string;
    clientSecretFile?: string;
    scopes: readonly string[];
    tokenUrl: string;
    endpointParams: Readonly<Record<string, string>>;
  };
  readonly tls?: TlsClientConfig;
  readonly proxyUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly followRedirects?: boolean;
}

export interface TlsClientConfig {
  readonly ca?: string;
  readonly caFile?: string;
  readonly cert?: string;
  readonly certFile?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  readonly maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
}

/** One server that entries are pushed to. Durations are milliseconds. */
export interface ClientConfig {
  readonly name: string;
  readonly url: string;
  readonly batchWaitMs: number;
  /** Bytes of lines and metadata of one request. */
  readonly batchBytes: number;
  readonly timeoutMs: number;
  readonly tenantId: string;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly dropRateLimited: boolean;
  readonly http: HttpClientConfig;
  /** 0: no limit. */
  readonly maxLineBytes: number;
  readonly truncateLines: boolean;
  /** Most streams of a batch, 0: no limit. */
  readonly maxStreams: number;
}

export const clientDefaults: Omit<ClientConfig, "name" | "url"> = {
  batchWaitMs: 1000,
  batchBytes: 1_048_576,
  timeoutMs: 10_000,
  tenantId: "",
  externalLabels: {},
  minBackoffMs: 500,
  maxBackoffMs: 300_000,
  dropRateLimited: false,
  http: { followRedirects: true },
  maxLineBytes: 0,
  truncateLines: false,
  maxStreams: 0,
};

/** Where batches wait on disk. */
export interface BufferConfig {
  readonly directory: string;
  /** Bytes of each client's and tenant's queue. */
  readonly maxBytes: number;
  readonly whenFull: "refuse_newest" | "drop_oldest";
}

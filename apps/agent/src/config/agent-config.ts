import type { FileConfig } from "../files/file-config.ts";
import type { PositionsConfig } from "../positions.ts";
import type { BufferConfig, ClientConfig, HttpClientConfig } from "../push/client-config.ts";
import type { RelabelRule } from "../relabel.ts";
import type { StageConfig } from "../stages/build-stages.ts";

/** TLS of a listener. */
export interface TlsServerConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Certificates of clients are required and must be signed by one of these. */
  readonly caFile?: string;
  /** What is asked of clients, in Go's words. */
  readonly clientAuth?: ClientAuth;
  /** PEM in place of files. */
  readonly given?: { readonly cert?: string; readonly key?: string; readonly ca?: string };
}

export const clientAuths = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;
export type ClientAuth = (typeof clientAuths)[number];

export interface ServerConfig {
  readonly disable: boolean;
  readonly address: string;
  readonly port: number;
  readonly pathPrefix: string;
  readonly externalUrl: string;
  readonly healthCheckTarget: boolean;
  readonly runtimeReload: boolean;
  readonly registerInstrumentation: boolean;
  readonly tls: TlsServerConfig | undefined;
  readonly logLevel: string;
  readonly gracefulMs: number;
}

export interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
}

export interface FileSdConfig {
  readonly files: readonly string[];
  readonly refreshMs: number;
}

/** How an engine of Docker is reached and asked. */
export interface DockerSdConfig {
  readonly host: string;
  readonly port: number;
  readonly hostNetworkingHost: string;
  readonly matchFirstNetwork: boolean;
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly refreshMs: number;
  readonly http: HttpClientConfig;
  /** dockerswarm_sd_configs only. */
  readonly role?: "services" | "tasks" | "nodes";
}

export interface JournalConfig {
  readonly json: boolean;
  readonly maxAgeMs: number;
  readonly labels: ReadonlyMap<string, string>;
  readonly path: string;
  readonly matches: string;
}

export interface SyslogConfig {
  readonly listenAddress: string;
  readonly protocol: "tcp" | "udp";
  /** `raw`: each line or datagram as it is. */
  readonly format: "rfc5424" | "rfc3164" | "raw";
  /** A message without text is an entry too. */
  readonly allowEmpty?: boolean;
  readonly idleTimeoutMs: number;
  readonly labelStructuredData: boolean;
  readonly labels: ReadonlyMap<string, string>;
  readonly useIncomingTimestamp: boolean;
  readonly useRfc5424Message: boolean;
  readonly maxMessageLength: number;
  readonly tls: TlsServerConfig | undefined;
}

export interface PushApiConfig {
  readonly server: ServerConfig;
  /** Where pushes and raw text come in; Promtail's paths if absent. */
  readonly paths?: { readonly push: readonly string[]; readonly raw: readonly string[] };
  /** The sender's tenant goes on with its entries. */
  readonly keepsTenant?: boolean;
  readonly labels: ReadonlyMap<string, string>;
  readonly useIncomingTimestamp: boolean;
  readonly maxSendMsgSize: number;
}

/** What a job reads: one of these. */
export type SourceConfig =
  | {
      readonly kind: "files";
      readonly statics: readonly StaticConfig[];
      readonly fileSds: readonly FileSdConfig[];
      readonly swarmSds: readonly DockerSdConfig[];
      readonly file: FileConfig;
    }
  | { readonly kind: "docker"; readonly engines: readonly DockerSdConfig[] }
  | { readonly kind: "journal"; readonly journal: JournalConfig }
  | { readonly kind: "syslog"; readonly syslog: SyslogConfig }
  | { readonly kind: "push"; readonly push: PushApiConfig }
  | { readonly kind: "none" };

export interface JobConfig {
  readonly name: string;
  readonly stages: readonly StageConfig[];
  readonly relabelRules: readonly RelabelRule[];
  readonly source: SourceConfig;
  /** The job's text, by which a reload sees whether it has changed. */
  readonly fingerprint: string;
}

export interface LimitsConfig {
  readonly readlineRateEnabled: boolean;
  readonly readlineRate: number;
  readonly readlineBurst: number;
  readonly readlineRateDrop: boolean;
  readonly maxStreams: number;
  readonly maxLineSize: number;
  readonly maxLineSizeTruncate: boolean;
}

/** All that an agent does, whatever language it was written in. */
export interface AgentConfig {
  readonly server: ServerConfig;
  readonly clients: readonly ClientConfig[];
  readonly positions: PositionsConfig;
  readonly limits: LimitsConfig;
  readonly buffer: BufferConfig;
  readonly syncPeriodMs: number;
  readonly stdin: boolean;
  readonly jobs: readonly JobConfig[];
  /** What the operator should know. */
  readonly warnings: readonly string[];
  /** As `/config` shows it, secrets masked. */
  readonly shown: string;
}

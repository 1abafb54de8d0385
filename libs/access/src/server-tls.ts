import { ConfigError } from "@ratatosk/config";
import { Certificates, type CertificatesModules, type KeyMaterial } from "./certificates.ts";
import type { TlsServerConfig } from "./tls-config.ts";

/** What a listener asks of its clients. */
export interface ClientCertificates {
  /** They are asked for one. */
  readonly requested: boolean;
  /** Those without one are turned away. */
  readonly required: boolean;
  /** One that no authority vouches for is turned away. */
  readonly verified: boolean;
}

/** TLS of a listener. */
export interface ServerTls {
  readonly certificates: Certificates;
  readonly clients: ClientCertificates;
}

const clientsOf: Record<Exclude<TlsServerConfig["client_auth_type"], "">, ClientCertificates> = {
  NoClientCert: { requested: false, required: false, verified: false },
  RequestClientCert: { requested: true, required: false, verified: false },
  RequireAnyClientCert: { requested: true, required: true, verified: false },
  VerifyClientCertIfGiven: { requested: true, required: false, verified: true },
  RequireAndVerifyClientCert: { requested: true, required: true, verified: true },
};

/** The TLS that a listener's settings ask for; undefined without a certificate. Throws ConfigError. */
export function serverTls(
  config: TlsServerConfig,
  onReload?: NonNullable<CertificatesModules["onReload"]>,
  given: KeyMaterial = {},
): ServerTls | undefined {
  const { cert_file: certFile, key_file: keyFile, client_ca_file: caFile, client_auth_type: type } = config;
  const [hasCert, hasKey] = [certFile !== "" || given.cert !== undefined, keyFile !== "" || given.key !== undefined];
  const hasCa = caFile !== "" || given.ca !== undefined;
  if (!hasCert && !hasKey && !hasCa && (type === "" || type === "NoClientCert")) return undefined;
  if (!hasCert || !hasKey) throw new ConfigError("TLS needs cert_file and key_file");
  if (hasCa && type === "NoClientCert")
    throw new ConfigError("client_ca_file has no effect with client_auth_type NoClientCert");
  const clients = clientsOf[type === "" ? (hasCa ? "RequireAndVerifyClientCert" : "NoClientCert") : type];
  const files = { certFile, keyFile, caFile };
  return { certificates: new Certificates({ files, given, ...(onReload && { onReload }) }), clients };
}

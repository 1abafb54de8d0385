import { rootCertificates } from "node:tls";
import { type ChannelCredentials, credentials, experimental, ServerCredentials } from "@grpc/grpc-js";
import { Certificates, type ServerTls, type TlsClientConfig } from "@ratatosk/access";

/** How clients of other services connect: one for all, whatever they call. */
export interface ClientChannel {
  readonly credentials: ChannelCredentials;
  readonly options: Readonly<Record<string, string>>;
}

export const insecureChannel: ClientChannel = { credentials: credentials.createInsecure(), options: {} };

/** The channel that the settings ask for. Throws ConfigError when the files cannot be used. */
export function clientChannel(config: TlsClientConfig, onReload?: (error: Error | undefined) => void): ClientChannel {
  if (!config.tls_enabled) return insecureChannel;
  const files = { certFile: config.tls_cert_path, keyFile: config.tls_key_path, caFile: config.tls_ca_path };
  const certificates = new Certificates({ files, ...(onReload && { onReload }) });
  const provider = new Provider(certificates);
  const { tls_server_name: name } = config;
  return {
    credentials: experimental.createCertificateProviderChannelCredentials(
      provider,
      config.tls_cert_path === "" ? null : provider,
      config.tls_insecure_skip_verify ? { rejectUnauthorized: false } : {},
    ),
    options: name === "" ? {} : { "grpc.ssl_target_name_override": name },
  };
}

/** What a server shows and asks for; plain text without TLS. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const { certificates, clients } = tls;
  const provider = new Provider(certificates);
  // Whatever its types say, grpc-js takes the server's own certificate first and the authorities second.
  return experimental.createCertificateProviderServerCredentials(
    provider,
    clients.requested ? provider : null,
    clients.required,
  );
}

type AuthoritiesListener = Parameters<experimental.CertificateProvider["addCaCertificateListener"]>[0];
type IdentityListener = Parameters<experimental.CertificateProvider["addIdentityCertificateListener"]>[0];

/** Certificates as grpc-js wants to be told of them. */
class Provider implements experimental.CertificateProvider {
  readonly #certificates: Certificates;
  readonly #endings = new Map<unknown, () => void>();

  constructor(certificates: Certificates) {
    this.#certificates = certificates;
  }

  addCaCertificateListener(listener: AuthoritiesListener): void {
    this.#follow(listener, ({ ca }) => listener({ caCertificate: ca ?? systemAuthorities() }));
  }

  removeCaCertificateListener(listener: AuthoritiesListener): void {
    this.#unfollow(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#follow(listener, ({ cert, key }) => listener(cert && key ? { certificate: cert, privateKey: key } : null));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#unfollow(listener);
  }

  #follow(listener: unknown, tell: (material: Certificates["current"]) => void): void {
    // Whoever follows is not ready for it until its own call returns.
    process.nextTick(() => tell(this.#certificates.current));
    this.#endings.set(listener, this.#certificates.onChange(tell));
  }

  #unfollow(listener: unknown): void {
    this.#endings.get(listener)?.();
    this.#endings.delete(listener);
  }
}

const systemAuthorities = (): Buffer => Buffer.from(rootCertificates.join("\n"));

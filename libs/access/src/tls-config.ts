import { z } from "zod";

const clientAuthTypes = [
  "",
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;

/** `http_tls_config`: TLS of a listener; on when a certificate is given. Files are read again when they change. */
export const TlsServerConfig = z.strictObject({
  cert_file: z
    .string()
    .prefault("")
    .describe("Certificate, PEM, with those between it and the root; empty for no TLS."),
  key_file: z.string().prefault("").describe("Private key of the certificate, PEM."),
  client_ca_file: z.string().prefault("").describe("Authorities whose client certificates are believed, PEM."),
  client_auth_type: z
    .enum(clientAuthTypes)
    .prefault("")
    .describe(
      "What is asked of clients; empty is RequireAndVerifyClientCert with `client_ca_file`, else NoClientCert.",
    ),
});
export type TlsServerConfig = z.infer<typeof TlsServerConfig>;

/** `grpc_tls_config`: the same, with clients that are verified or not asked. */
export const GrpcTlsServerConfig = TlsServerConfig.extend({
  client_auth_type: z
    .enum(["", "NoClientCert", "RequireAndVerifyClientCert"])
    .prefault("")
    .describe(
      "What is asked of clients; empty is RequireAndVerifyClientCert with `client_ca_file`, else NoClientCert.",
    ),
});

/** `grpc_client_config`: TLS of the services that call others. Files are read again when they change. */
export const TlsClientConfig = z.strictObject({
  tls_enabled: z.boolean().prefault(false).describe("Speak TLS."),
  tls_cert_path: z.string().prefault("").describe("Certificate shown to the server, PEM."),
  tls_key_path: z.string().prefault("").describe("Private key of the certificate, PEM."),
  tls_ca_path: z.string().prefault("").describe("Authorities that are believed, PEM; empty for those of the system."),
  tls_server_name: z
    .string()
    .prefault("")
    .describe("Name that the server's certificate must have, if not its address."),
  tls_insecure_skip_verify: z.boolean().prefault(false).describe("Believe every server."),
});
export type TlsClientConfig = z.infer<typeof TlsClientConfig>;

export { Access, type AccessModules } from "./access.ts";
export { type CertificateFiles, Certificates, type KeyMaterial } from "./certificates.ts";
export { AccessConfig } from "./config.ts";
export { type Identity, type Right, tenantsFor } from "./identity.ts";
export { hashPassword } from "./password-hash.ts";
export { type ClientCertificates, type ServerTls, serverTls } from "./server-tls.ts";
export { GrpcTlsServerConfig, TlsClientConfig, TlsServerConfig } from "./tls-config.ts";
export { hashToken } from "./token-hash.ts";

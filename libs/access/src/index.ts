export { Access, type AccessModules } from "./access.ts";
export { AccessConfig } from "./config.ts";
export { type Identity, type Right, tenantsFor } from "./identity.ts";
export { hashPassword } from "./password-hash.ts";
export { hashToken } from "./token-hash.ts";

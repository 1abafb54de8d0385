import { duration, secret } from "@ratatosk/config";
import { z } from "zod";

const rights = z
  .array(z.enum(["read", "write", "manage", "operate"]))
  .prefault(["read", "write"])
  .describe(
    "`read`: queries; `write`: pushes; `manage`: rules and deletes; `operate`: flush, shutdown, log level, settings.",
  );

const tenants = z
  .array(z.string().min(1))
  .prefault([])
  .describe('Tenants with whose data they may deal, `["*"]` for all; needed with `auth_enabled`, else there are none.');

const User = z.strictObject({
  name: z
    .string()
    .regex(/^[^:]+$/, "expected a name without a colon")
    .describe("The name sent with the password."),
  password_hash: secret.describe("What `ratatosk auth hash` prints for the password."),
  tenants,
  rights,
});

const Token = z.strictObject({
  name: z.string().min(1).describe("Stands in the log for the token."),
  token: secret.optional().describe("What is sent as `Authorization: Bearer`."),
  token_hash: secret.optional().describe("Instead of `token`, what `ratatosk auth token` prints as its hash."),
  tenants,
  rights,
});

/** Users and tokens, as the configuration and the file of `auth.file` list them. */
export const Accounts = z.strictObject({
  users: z.array(User).prefault([]).describe("Who may log in with a name and a password (basic authentication)."),
  tokens: z.array(Token).prefault([]).describe("Tokens that let programs in (bearer authentication)."),
});
export type Accounts = z.infer<typeof Accounts>;

/** `auth`: who may ask what. Without users and tokens everybody may do everything. */
export const AccessConfig = Accounts.extend({
  file: z.string().prefault("").describe("File with further `users` and `tokens`, read again when it changes."),
  period: duration.prefault("10s").describe("How often the file is looked at."),
  open_paths: z.array(z.string()).prefault(["/ready", "/metrics"]).describe("Paths that are answered to everybody."),
});
export type AccessConfig = z.infer<typeof AccessConfig>;

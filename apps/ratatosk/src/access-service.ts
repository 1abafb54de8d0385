import { Access } from "@ratatosk/access";
import type { Logger } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import type { Config } from "./config.ts";

/** Who is let in, as the configuration and its file of accounts say. Throws ConfigError. */
export function accessService(config: Config, log: Logger): Service & { readonly access: Access } {
  const access = new Access({
    config: config.auth,
    authEnabled: config.auth_enabled,
    onReload: (error) =>
      error === undefined
        ? log.info({ file: config.auth.file }, "users and tokens read")
        : log.error({ err: error }, "users and tokens cannot be used, the last good ones stay in force"),
  });
  return { name: "access", access, start: () => access.start(), stop: async () => access.stop() };
}

import { type ServerTls, serverTls, type TlsServerConfig } from "@ratatosk/access";
import { ConfigError } from "@ratatosk/config";
import type { Logger } from "@ratatosk/observability";

/** The TLS of a listener, whose certificates are watched in the log. Throws ConfigError that names the setting. */
export function listenerTls(setting: string, config: TlsServerConfig, log: Logger): ServerTls | undefined {
  try {
    return serverTls(config, certificateEvents(setting, log));
  } catch (error) {
    throw new ConfigError(`${setting}: ${(error as Error).message}`, { cause: error });
  }
}

/** Tells the log of certificates that were read again. */
export function certificateEvents(setting: string, log: Logger): (error: Error | undefined) => void {
  return (error) =>
    error === undefined
      ? log.info({ setting }, "certificates read again")
      : log.error({ err: error, setting }, "certificates cannot be used, the last good ones stay in force");
}

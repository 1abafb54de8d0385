import { get } from "node:https";
import type { ServerTls } from "@ratatosk/access";

const answerMs = 2000;

/**
 * Whether a process that listens with TLS is ready. Peers share certificates, not names: who answers at an address is
 * not looked into, as nothing is said to it.
 */
export function readyOverTls({ certificates }: ServerTls): (address: string) => Promise<boolean> {
  return async (address) =>
    new Promise((resolve) => {
      const options = { ...certificates.current, rejectUnauthorized: false, agent: false as const };
      const signal = AbortSignal.timeout(answerMs);
      get(`https://${address}/ready`, { ...options, signal }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on("error", () => resolve(false));
    });
}

import { type ClientRequest, get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet, type RequestOptions } from "node:https";
import { Certificates, type TlsClientConfig } from "@ratatosk/access";
import { RatatoskError } from "@ratatosk/model";

export interface MemberAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

export interface AskMemberModules {
  readonly tls: TlsClientConfig;
  /** Stands before every path. */
  readonly prefix: string;
  /** Told of certificates that were read again. */
  readonly onReload: (error: Error | undefined) => void;
}

/** Asks the process at `HOST:PORT` for a path, with the credentials of whoever asks. */
export type AskMember = (address: string, path: string, authorization?: string) => Promise<MemberAnswer>;

const answerMs = 5000;
const mostBytes = 16 * 1024 * 1024;

/** Requests to other processes of the system. Throws ConfigError where certificates cannot be read. */
export function memberAsker({ tls, prefix, onReload }: AskMemberModules): AskMember {
  const options = tls.tls_enabled ? tlsOptions(tls, onReload) : undefined;
  return async (address, path, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const more = { headers, signal: AbortSignal.timeout(answerMs), agent: false as const };
    const asked =
      options === undefined
        ? httpGet(`http://${address}${prefix}${path}`, more)
        : httpsGet(`https://${address}${prefix}${path}`, { ...more, ...options() });
    try {
      return await answerOf(asked);
    } catch (cause) {
      throw new RatatoskError("unavailable", `${address} does not answer: ${(cause as Error).message}`, { cause });
    }
  };
}

async function answerOf(asked: ClientRequest): Promise<MemberAnswer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.once("response", resolve).once("error", reject),
  );
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    bytes += (part as Buffer).length;
    if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
    parts.push(part as Buffer);
  }
  return { status: answer.statusCode!, type: answer.headers["content-type"] ?? "", body: Buffer.concat(parts) };
}

function tlsOptions(config: TlsClientConfig, onReload: AskMemberModules["onReload"]): () => RequestOptions {
  const files = { certFile: config.tls_cert_path, keyFile: config.tls_key_path, caFile: config.tls_ca_path };
  const certificates = new Certificates({ files, onReload });
  certificates.onChange(() => undefined);
  const name = config.tls_server_name;
  const fixed = { rejectUnauthorized: !config.tls_insecure_skip_verify, ...(name !== "" && { servername: name }) };
  return () => ({ ...certificates.current, ...fixed });
}

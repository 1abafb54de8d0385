import type { Api } from "../api/api.ts";
import { ApiError } from "../api/api-error.ts";
import { parseMetrics, type Sample } from "./metrics-text.ts";

/** What a process tells of itself. */
export interface Process {
  /** Its address; empty for the one that is asked. */
  readonly address: string;
  readonly ready: string;
  readonly services: readonly (readonly [name: string, state: string])[];
  /** Undefined where it tells no metrics. */
  readonly samples: readonly Sample[] | undefined;
}

/** How the system is at one moment, as far as the server that is asked knows it. */
export interface Health {
  /** The one that is asked stands first. */
  readonly processes: readonly Process[];
  readonly version: string;
  /** The samples of all of them. */
  readonly samples: readonly Sample[];
  readonly atMs: number;
}

/** Fails only where the server does not answer at all. */
export async function readHealth(server: Api, signal: AbortSignal): Promise<Health> {
  const [version, own, others] = await Promise.all([
    readVersion(server, signal),
    readProcess(server, "", signal),
    readMembers(server, signal),
  ]);
  const processes = [own, ...others];
  const samples = processes.flatMap((process) => process.samples ?? []);
  return { processes, version, samples, atMs: Date.now() };
}

async function readMembers(server: Api, signal: AbortSignal): Promise<Process[]> {
  const { members = [] } = await server
    .json<{ members?: { address: string }[] }>("/members", {}, signal)
    .catch((): { members?: { address: string }[] } => ({}));
  return Promise.all(members.map(({ address }) => readProcess(server, address, signal)));
}

async function readProcess(server: Api, address: string, signal: AbortSignal): Promise<Process> {
  const at = address === "" ? "" : `/members/${encodeURIComponent(address)}`;
  const [ready, services, metrics] = await Promise.all([
    server.text(`${at}/ready`, {}, signal).then((text) => text.trim(), whyNotReady),
    server.text(`${at}/services`, {}, signal).catch(() => ""),
    server.text(`${at}/metrics`, {}, signal).then(parseMetrics, unlessUnreachable),
  ]);
  const states = services
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" => ") as [string, string]);
  return { address, ready, services: states, samples: metrics };
}

const whyNotReady = (thrown: unknown): string => {
  const { status, text } = ApiError.from(thrown);
  return status === 404 ? "" : text;
};

function unlessUnreachable(thrown: unknown): undefined {
  const error = ApiError.from(thrown);
  if (error.status <= 0 || error.status === 502) throw error;
}

/** Ratatosk names itself where it names the Loki whose API it speaks. */
async function readVersion(server: Api, signal: AbortSignal): Promise<string> {
  const build = await server
    .json<{ version?: string; buildUser?: string }>("/loki/api/v1/status/buildinfo", {}, signal)
    .catch((): { version?: string; buildUser?: string } => ({}));
  if (build.buildUser?.startsWith("ratatosk ") === true) return build.buildUser;
  return build.version === undefined ? "" : `Loki ${build.version}`;
}

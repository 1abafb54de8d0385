import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, type RatatoskProcess, serverProcess } from "../apps/e2e/src/index.ts";

/** What a form has to work with. */
export interface Workplace {
  /** Of its own, empty. */
  readonly folder: string;
  readonly flags: readonly string[];
  /** The data that the questions are about. */
  readonly dataset: string;
  /** Loads a data set into the server at a URL. */
  readonly push: (url: string, dataset: string) => Promise<void>;
}

/** Where the questions are asked, and what is to be stopped afterwards. */
export interface Asked {
  readonly url: string;
  readonly processes: readonly RatatoskProcess[];
}

/** The ways in which the data of the questions may lie. The answers are the same. */
export const forms: Readonly<Record<string, (at: Workplace) => Promise<Asked>>> = {
  "read from the log": async (at) => {
    const { server, asked } = await single(at);
    await at.push(server.url, at.dataset);
    await restart(server);
    return asked;
  },
  "in the store": async (at) => {
    const { server, asked } = await single(at);
    await at.push(server.url, at.dataset);
    await flush(server);
    await restart(server);
    return asked;
  },
  "half in the store": async (at) => {
    const { server, asked } = await single(at);
    const [first, second] = halves(at);
    await at.push(server.url, first);
    await flush(server);
    await at.push(server.url, second);
    return asked;
  },
  "on two of three ingesters": cluster,
};

async function single({ folder, flags }: Workplace): Promise<{ server: RatatoskProcess; asked: Asked }> {
  const server = await (await serverProcess({ folder, flags })).start();
  return { server, asked: { url: server.url, processes: [server] } };
}

async function restart(server: RatatoskProcess): Promise<void> {
  await server.stop();
  await server.start();
}

async function flush({ url }: RatatoskProcess): Promise<void> {
  const { status } = await fetch(`${url}/flush`, { method: "POST" });
  if (status !== 204) throw new Error(`flush answered ${status}`);
}

/** Two data sets, each with half of every stream's entries. */
function halves({ folder, dataset }: Workplace): [string, string] {
  const streams = readFileSync(dataset, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { entries: unknown[] });
  const written = (name: string, part: (entries: unknown[]) => unknown[]): string => {
    const path = join(folder, name);
    const lines = streams.map((stream) => JSON.stringify({ ...stream, entries: part(stream.entries) }));
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  };
  return [
    written("first.jsonl", (entries) => entries.slice(0, entries.length >> 1)),
    written("second.jsonl", (entries) => entries.slice(entries.length >> 1)),
  ];
}

async function cluster({ folder, flags, dataset, push }: Workplace): Promise<Asked> {
  const storage = [...flags, `--storage.filesystem.directory=${join(folder, "objects")}`];
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const addresses = ports.map((port) => `127.0.0.1:${port}`).join(",");
  const ring = [`--ring.members=[${addresses}]`, "--ring.replication_factor=2", "--ring.health_period=200ms"];
  const ingesters = await Promise.all(
    ports.map((port, at) =>
      serverProcess({
        role: "ingester",
        folder: join(folder, `ingester-${at}`),
        flags: [...storage, `--server.grpc_listen_port=${port}`],
      }),
    ),
  );
  await Promise.all(ingesters.map((ingester) => ingester.start()));
  const distributor = await serverProcess({ role: "distributor", folder, flags: [...flags, ...ring] });
  const querier = await serverProcess({ role: "querier", folder, flags: [...storage, ...ring] });
  await Promise.all([distributor.start(), querier.start()]);
  await push(distributor.url, dataset);
  return { url: querier.url, processes: [querier, distributor, ...ingesters] };
}

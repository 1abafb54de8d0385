import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, rename, stat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { basename, dirname } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import type { Logger } from "@ratatosk/observability";

export interface StateLock {
  release(): Promise<void>;
}

export interface State {
  /** What is kept for one process. */
  readonly path: string;
  readonly lock: string;
  /** How another path is given. */
  readonly instead: string;
}

const answerMs = 2000;
const mostTries = 20;
/** What fits a socket's address. */
const maxAddressBytes = 100;

/**
 * Keeps a state for this process. The lock is a socket on which its holder says who it is: it is free as soon as nobody
 * listens, however the holder has ended, and holds across containers that share a volume. Throws where another process holds
 * it, saying which. Undefined, and logged, where the file system has no sockets or cannot be written.
 */
export async function lockState({ path, lock, instead }: State, log: Logger): Promise<StateLock | undefined> {
  try {
    await mkdir(dirname(lock), { recursive: true });
    const { server, holder } = await take(lock);
    if (server) return { release: () => release(server, lock) };
    throw new RatatoskError("unavailable", `${path} is in use by ${holder}: stop that agent, or ${instead}`);
  } catch (error) {
    if (error instanceof RatatoskError) throw error;
    log.warn({ err: error, path: lock }, "the state cannot be locked, another agent on it would not be noticed");
    return undefined;
  }
}

/** Listens under a name of its own, then gives the socket the lock's name, which one can do at a time. */
async function take(lock: string): Promise<{ server: Server; holder?: never } | { server?: never; holder: string }> {
  const own = `${lock}.${randomBytes(4).toString("hex")}`;
  const server = await listen(own);
  try {
    for (let tries = 0; tries < mostTries; tries++) {
      if (await isLinked(own, lock)) return { server };
      const found = await inodeOf(lock);
      const holder = await holderOf(lock);
      if (holder !== undefined) return refused(server, holder);
      if (found !== undefined) await removeStale(lock, found, `${own}.stale`);
    }
    return refused(server, "another process that has begun just now");
  } finally {
    await unlink(own).catch(() => undefined);
  }
}

async function isLinked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes away the socket that nobody listens on; one that has taken its name meanwhile gets it back. */
async function removeStale(lock: string, inode: number, aside: string): Promise<void> {
  await rename(lock, aside).catch(() => undefined);
  if ((await inodeOf(aside)) !== inode) await link(aside, lock).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

/** Who listens on a lock, as it says itself; undefined where nobody does. */
async function holderOf(lock: string): Promise<string | undefined> {
  return withShortAddress(lock, async (address) => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    let answer = "";
    const socket = connect(address);
    const said = (): void => resolve(answer || "a process that does not say which");
    socket.setTimeout(answerMs, said);
    socket.on("data", (part) => (answer += part.toString()));
    socket.on("end", said);
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      code === "ECONNREFUSED" || code === "ENOENT" ? resolve(undefined) : said(),
    );
    return promise.finally(() => socket.destroy());
  });
}

async function listen(path: string): Promise<Server> {
  const since = new Date().toISOString().slice(0, 19);
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(`process ${process.pid} on ${hostname()} since ${since}Z`);
  });
  await withShortAddress(
    path,
    (address) => new Promise<void>((resolve, reject) => server.once("error", reject).listen(address, resolve)),
  );
  return server.unref();
}

function refused(server: Server, holder: string): { holder: string } {
  server.close();
  return { holder };
}

/** The name goes first: who takes the lock from then on has another socket. */
async function release(server: Server, lock: string): Promise<void> {
  await unlink(lock).catch(() => undefined);
  server.close();
}

/** A long path is reached through its directory, opened. */
async function withShortAddress<T>(path: string, use: (address: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= maxAddressBytes) return use(path);
  const directory = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use(`/proc/self/fd/${directory.fd}/${basename(path)}`);
  } finally {
    await directory.close();
  }
}

const inodeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );

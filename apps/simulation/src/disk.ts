import type { Clock } from "./clock.ts";
import { errno, type Opened, SimulatedFile } from "./file.ts";
import type { Random } from "./random.ts";

export const simulatedRoot = "/simulated/";

/** How a disk behaves for a while. */
export interface DiskMood {
  /** Milliseconds that an fsync takes at most. */
  syncMs: number;
  /** How often a write finds no room, or an fsync fails. */
  failures: number;
}

/** A folder: its entries, and those that a power cut leaves. */
interface Folder {
  entries: Map<string, SimulatedFile>;
  durable: Map<string, SimulatedFile>;
}

/**
 * Files below `/simulated/<host>/`, of which a crash keeps what was synced, and of the rest what chance decides: a
 * write may be lost, cut short or torn, a new name may be gone, a deleted one be back.
 */
export class Disk {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #folders = new Map<string, Folder>();
  readonly #moods = new Map<string, DiskMood>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How the disk of a host behaves; to be changed. */
  mood(host: string): DiskMood {
    return entry(this.#moods, host, () => ({ syncMs: 4, failures: 0 }));
  }

  /** The host has lost its power. */
  crash(host: string): void {
    for (const folder of this.#below(host)) {
      for (const file of new Set([...folder.entries.values(), ...folder.durable.values()])) file.crash(this.#random);
      const survive = new Map<string, SimulatedFile>();
      for (const name of new Set([...folder.entries.keys(), ...folder.durable.keys()])) {
        const [now, then] = [folder.entries.get(name), folder.durable.get(name)];
        const kept = now === then || this.#random.chance(0.5) ? now : then;
        if (kept !== undefined) survive.set(name, kept);
      }
      folder.entries = survive;
      folder.durable = new Map(survive);
    }
  }

  readonly mkdir = async (path: string): Promise<undefined> => {
    await this.#wait(path);
    entry(this.#folders, path, () => ({ entries: new Map(), durable: new Map() }));
  };

  readonly readdir = async (path: string): Promise<string[]> => {
    await this.#wait(path);
    return [...this.#folder(path).entries.keys()].sort();
  };

  readonly stat = async (path: string): Promise<{ size: number }> => {
    await this.#wait(path);
    return { size: this.#file(path).content.length };
  };

  readonly readFile = async (path: string, encoding?: "utf8"): Promise<string | Buffer> => {
    await this.#wait(path);
    const content = Buffer.from(this.#file(path).content);
    return encoding === undefined ? content : content.toString(encoding);
  };

  readonly unlink = async (path: string): Promise<void> => {
    await this.#wait(path);
    this.#file(path);
    this.#folder(parentOf(path)).entries.delete(nameOf(path));
  };

  readonly open = async (path: string, flags: string): Promise<Opened> => {
    await this.#wait(path);
    const folder = this.#folders.get(path);
    const device = { wait: (slow: boolean) => this.#wait(path, slow), fails: () => this.#fails(path) };
    if (folder !== undefined) return { ...emptyHandle, sync: () => this.#syncFolder(path, folder) };
    const { entries } = this.#folder(parentOf(path));
    const isNew = flags === "w" && !entries.has(nameOf(path));
    if (isNew && device.fails()) throw errno("ENOSPC", path);
    const file = flags === "w" ? entry(entries, nameOf(path), () => new SimulatedFile()) : this.#file(path);
    if (flags === "w") file.content = Buffer.alloc(0);
    return file.handle(path, device);
  };

  async #syncFolder(path: string, folder: Folder): Promise<void> {
    await this.#wait(path, true);
    folder.durable = new Map(folder.entries);
  }

  #fails(path: string): boolean {
    return this.#random.chance(this.mood(hostOf(path)).failures);
  }

  #wait(path: string, slow = false): Promise<void> {
    const { syncMs } = this.mood(hostOf(path));
    return this.#clock.pass(slow ? this.#random.next() * syncMs : this.#random.next() * 0.2);
  }

  #below(host: string): Folder[] {
    return [...this.#folders].filter(([path]) => hostOf(path) === host).map(([, folder]) => folder);
  }

  #folder(path: string): Folder {
    const folder = this.#folders.get(path);
    if (folder === undefined) throw errno("ENOENT", path);
    return folder;
  }

  #file(path: string): SimulatedFile {
    const file = this.#folder(parentOf(path)).entries.get(nameOf(path));
    if (file === undefined) throw errno("ENOENT", path);
    return file;
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const hostOf = (path: string): string => path.slice(simulatedRoot.length).split("/", 1)[0]!;

const emptyHandle = {
  close: async () => undefined,
  datasync: async () => undefined,
} as unknown as Opened;

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

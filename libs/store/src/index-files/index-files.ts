import { BoundedCache } from "@ratatosk/bytes";
import { LabelIndex } from "@ratatosk/label-index";
import { RatatoskError, type Selection } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { dayAt, dayOfIndex, indexPrefix } from "../keys.ts";
import type { DiskCache } from "./disk-cache.ts";

export interface IndexFilesOptions {
  readonly objects: ObjectStore;
  readonly disk: DiskCache | undefined;
  /** How long a listing is good. */
  readonly listingMs: number;
  /** Memory for index files that are open. */
  readonly memoryBytes: number;
  readonly now: () => number;
  /** Told of files that cannot be read. */
  readonly unreadable: (key: string, error: RatatoskError) => void;
}

/** The index files that a selection needs, and those that could not be read. */
export interface OpenedIndexes {
  readonly indexes: readonly LabelIndex[];
  readonly warnings: readonly string[];
}

interface Listing {
  readonly keys: Promise<ReadonlySet<string>>;
  readonly madeMs: number;
}

/** An open index holds its sections decompressed. */
const expansion = 4;

/** Finds, downloads and keeps the index files of tenants. A file that another replaces is left out. */
export class IndexFiles {
  readonly #options: IndexFilesOptions;
  readonly #listings = new Map<string, Listing>();
  readonly #open: BoundedCache<LabelIndex>;
  readonly #opening = new Map<string, Promise<LabelIndex>>();

  constructor(options: IndexFilesOptions) {
    this.#options = options;
    this.#open = new BoundedCache(options.memoryBytes);
  }

  /** What is kept open. */
  get open(): Pick<BoundedCache<LabelIndex>, "size" | "bytes"> {
    return this.#open;
  }

  /** Lists anew the files of all tenants that were asked for. */
  async relist(): Promise<void> {
    await Promise.all(this.#listings.keys().map((tenant) => this.#listed(tenant, true)));
  }

  /** Opens the files of the selection's days. */
  async of(selection: Selection): Promise<OpenedIndexes> {
    const first = await this.#try(selection, await this.#listing(selection));
    // What is gone may have been merged meanwhile: the listing says where.
    const opened = first.gone ? await this.#try(selection, await this.#listed(selection.tenant, true)) : first;
    return { indexes: withoutReplaced(opened.files), warnings: opened.warnings };
  }

  /** A listing that is younger than what ingesters have shipped: what is shipped and not in it has been merged and deleted. */
  async #listing({ tenant, shipped = [] }: Selection): Promise<ReadonlySet<string>> {
    const listed = await this.#listed(tenant, false);
    const isKnown = (key: string): boolean => listed.has(key) || !key.startsWith(indexPrefix(tenant));
    return shipped.every(isKnown) ? listed : this.#listed(tenant, true);
  }

  async #try(selection: Selection, listed: ReadonlySet<string>): Promise<Attempt> {
    const attempt: Attempt = { files: new Map(), warnings: [], gone: false };
    await Promise.all([...listed].filter(wanted(selection)).map((key) => this.#attempt(key, attempt)));
    return attempt;
  }

  async #attempt(key: string, attempt: Attempt): Promise<void> {
    try {
      attempt.files.set(key, await this.#index(key));
    } catch (thrown) {
      const error = RatatoskError.from(thrown);
      if (error.code === "not_found") {
        attempt.gone = true;
        return;
      }
      if (error.code !== "corrupt") throw error;
      this.#options.unreadable(key, error);
      attempt.warnings.push(`index file ${key} cannot be read: ${error.message}`);
    }
  }

  async #index(key: string): Promise<LabelIndex> {
    const open = this.#open.get(key);
    if (open !== undefined) return open;
    const opening = this.#opening.get(key) ?? this.#load(key);
    this.#opening.set(key, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(key);
    }
  }

  async #load(key: string): Promise<LabelIndex> {
    const { objects, disk } = this.#options;
    const cached = await disk?.get(key);
    if (cached !== undefined) {
      try {
        return this.#keep(key, cached);
      } catch {
        await disk?.delete(key);
      }
    }
    const bytes = await objects.get(key);
    const index = this.#keep(key, bytes);
    await disk?.put(key, bytes);
    return index;
  }

  #keep(key: string, bytes: Uint8Array): LabelIndex {
    const index = new LabelIndex(bytes);
    this.#open.set(key, index, bytes.length * expansion);
    return index;
  }

  #listed(tenant: string, afresh: boolean): Promise<ReadonlySet<string>> {
    const { listingMs, now } = this.#options;
    const known = this.#listings.get(tenant);
    if (!afresh && known !== undefined && now() - known.madeMs < listingMs) return known.keys;
    const keys = this.#list(tenant);
    this.#listings.set(tenant, { keys, madeMs: now() });
    keys.catch(() => this.#listings.delete(tenant));
    return keys;
  }

  async #list(tenant: string): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const { key } of this.#options.objects.list(indexPrefix(tenant)))
      if (dayOfIndex(key) !== undefined) keys.add(key);
    return keys;
  }
}

interface Attempt {
  readonly files: Map<string, LabelIndex>;
  readonly warnings: string[];
  /** A file of the listing was not there. */
  gone: boolean;
}

function wanted({ tenant, start, end }: Selection): (key: string) => boolean {
  const [first, last] = [dayAt(start), dayAt(end)];
  return (key) => {
    const day = dayOfIndex(key);
    return day !== undefined && day >= first && day <= last && key.startsWith(indexPrefix(tenant));
  };
}

function withoutReplaced(files: ReadonlyMap<string, LabelIndex>): LabelIndex[] {
  const replaced = new Set(files.values().flatMap(({ replaces }) => replaces));
  return [...files].filter(([key]) => !replaced.has(key)).map(([, index]) => index);
}

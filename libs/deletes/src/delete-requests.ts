import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { decodeRequest, type DeleteRequest, encodeRequest } from "./delete-request.ts";

export interface DeleteRequestsOptions {
  readonly objects: ObjectStore;
  /** How long a list is good for queries. What this object itself writes is seen at once. */
  readonly listingMs: number;
  readonly now: () => number;
}

interface Listing {
  readonly requests: Promise<readonly DeleteRequest[]>;
  readonly madeMs: number;
}

interface Known {
  readonly version: string;
  readonly request: DeleteRequest | undefined;
}

/** The delete requests of tenants: `<tenant>/deletes/<id>.json`, an object each. */
export class DeleteRequests {
  readonly #options: DeleteRequestsOptions;
  readonly #listings = new Map<string, Listing>();
  readonly #known = new Map<string, Known>();

  constructor(options: DeleteRequestsOptions) {
    this.#options = options;
  }

  /** All requests, by the time of their creation. */
  async list(tenant: string): Promise<readonly DeleteRequest[]> {
    const requests: DeleteRequest[] = [];
    for await (const { key, size, modifiedMs } of this.#options.objects.list(prefixOf(tenant))) {
      if (!key.endsWith(".json")) continue;
      const request = await this.#read(key, `${size} ${modifiedMs}`);
      if (request !== undefined) requests.push(request);
    }
    return requests.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  }

  /** The same, perhaps a moment old. */
  async recent(tenant: string): Promise<readonly DeleteRequest[]> {
    const { now, listingMs } = this.#options;
    const known = this.#listings.get(tenant);
    if (known !== undefined && now() - known.madeMs < listingMs) return known.requests;
    const requests = this.list(tenant);
    this.#listings.set(tenant, { requests, madeMs: now() });
    requests.catch(() => this.#listings.delete(tenant));
    return requests;
  }

  async put(tenant: string, request: DeleteRequest): Promise<void> {
    const key = keyOf(tenant, request.id);
    await this.#options.objects.put(key, encodeRequest(request));
    await this.changed(tenant);
    this.#known.delete(key);
  }

  async remove(tenant: string, id: string): Promise<void> {
    await this.#options.objects.delete([keyOf(tenant, id)]);
    await this.changed(tenant);
  }

  /** Changes whenever what queries see does; empty where nothing was ever deleted. */
  async generation(tenant: string): Promise<string> {
    try {
      return Buffer.from(await this.#options.objects.get(generationKey(tenant))).toString();
    } catch (error) {
      if (RatatoskError.from(error).code === "not_found") return "";
      throw error;
    }
  }

  /** Raises the generation number. */
  async changed(tenant: string): Promise<void> {
    this.#listings.delete(tenant);
    const seconds = Math.floor(this.#options.now() / 1000);
    const before = Number(await this.generation(tenant)) || 0;
    await this.#options.objects.put(generationKey(tenant), Buffer.from(String(Math.max(seconds, before + 1))));
  }

  async #read(key: string, version: string): Promise<DeleteRequest | undefined> {
    const known = this.#known.get(key);
    if (known?.version === version) return known.request;
    try {
      const request = decodeRequest(await this.#options.objects.get(key));
      this.#known.set(key, { version, request });
      return request;
    } catch (error) {
      if (RatatoskError.from(error).code === "not_found") return undefined;
      throw error;
    }
  }
}

const prefixOf = (tenant: string): string => `${tenant}/deletes/`;
const keyOf = (tenant: string, id: string): string => `${prefixOf(tenant)}${id}.json`;
const generationKey = (tenant: string): string => `${prefixOf(tenant)}generation`;

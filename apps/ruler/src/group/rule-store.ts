import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { parseGroup } from "./parse-group.ts";
import { printGroup } from "./print-group.ts";
import type { GroupId, RuleGroup } from "./rule-group.ts";

/** A group and where it belongs. */
export interface StoredGroup {
  readonly id: GroupId;
  readonly group: RuleGroup;
}

/**
 * Rule groups in the object store, one object each: `<tenant>/rules/<namespace>/<group>.yaml`, both names in Base64 for
 * URLs, so that any text will do.
 */
export class RuleStore {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** Tenants that have rules. */
  async tenants(): Promise<string[]> {
    const tenants = await this.#objects.folders("");
    const withRules = await Promise.all(
      tenants.map(async (tenant) => (await this.#objects.folders(`${tenant}/rules/`)).length > 0),
    );
    return tenants.filter((_, i) => withRules[i]);
  }

  /** Groups of a tenant, or of one namespace, sorted by namespace and name. */
  async list(tenant: string, namespace?: string): Promise<StoredGroup[]> {
    const prefix = `${tenant}/rules/${namespace === undefined ? "" : `${encode(namespace)}/`}`;
    const groups: StoredGroup[] = [];
    for await (const { key } of this.#objects.list(prefix)) {
      const group = await this.#read(key);
      if (group !== undefined) groups.push(group);
    }
    return groups.sort(({ id: a }, { id: b }) => byText(a.namespace, b.namespace) || byText(a.group, b.group));
  }

  /** A group, or undefined. */
  async get(id: GroupId): Promise<RuleGroup | undefined> {
    return (await this.#read(keyOf(id)))?.group;
  }

  /** Writes a group, in place of one of the same name. */
  async put(id: GroupId, group: RuleGroup): Promise<void> {
    await this.#objects.put(keyOf(id), Buffer.from(printGroup(group)));
  }

  async delete(ids: readonly GroupId[]): Promise<void> {
    await this.#objects.delete(ids.map(keyOf));
  }

  async #read(key: string): Promise<StoredGroup | undefined> {
    const [, tenant, namespace, group] = /^([^/]+)\/rules\/([^/]+)\/([^/]+)\.yaml$/.exec(key) ?? [];
    if (tenant === undefined) return undefined;
    try {
      const text = Buffer.from(await this.#objects.get(key)).toString();
      return { id: { tenant, namespace: decode(namespace!), group: decode(group!) }, group: parseGroup(text) };
    } catch (error) {
      if (RatatoskError.from(error).code === "not_found") return undefined;
      throw error;
    }
  }
}

const encode = (name: string): string => Buffer.from(name).toString("base64url");
const decode = (name: string): string => Buffer.from(name, "base64url").toString();
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = ({ tenant, namespace, group }: GroupId): string =>
  `${tenant}/rules/${encode(namespace)}/${encode(group)}.yaml`;

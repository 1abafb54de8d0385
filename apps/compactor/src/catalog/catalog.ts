import { LabelIndex } from "@ratatosk/label-index";
import { compareText, RatatoskError } from "@ratatosk/model";
import type { ObjectInfo, ObjectStore } from "@ratatosk/object-store";
import { dayOfIndex, indexPrefix } from "@ratatosk/store";
import type { DayFiles, IndexFile } from "./index-file.ts";

/** Which index files there are. Each is read once, as it never changes. */
export class Catalog {
  readonly #objects: ObjectStore;
  readonly #unreadable: (key: string, error: RatatoskError) => void;
  readonly #known = new Map<string, IndexFile>();

  constructor(objects: ObjectStore, unreadable: (key: string, error: RatatoskError) => void) {
    this.#objects = objects;
    this.#unreadable = unreadable;
  }

  /** Everyone who has stored something. */
  async tenants(): Promise<string[]> {
    const folders = await this.#objects.folders("");
    return folders.filter((name) => /^[a-zA-Z0-9!\-_.*'()]+$/.test(name));
  }

  /** A tenant's days, oldest first. */
  async days(tenant: string): Promise<DayFiles[]> {
    const byDay = new Map<string, ObjectInfo[]>();
    for await (const info of this.#objects.list(indexPrefix(tenant))) {
      const day = dayOfIndex(info.key);
      if (day !== undefined) byDay.set(day, [...(byDay.get(day) ?? []), info]);
    }
    this.#forget(tenant, new Set([...byDay.values()].flat().map(({ key }) => key)));
    const days: DayFiles[] = [];
    for (const [day, infos] of [...byDay].sort(([a], [b]) => compareText(a, b)))
      days.push(await this.#day(tenant, day, infos));
    return days;
  }

  /** One day of a tenant. */
  async day(tenant: string, day: string): Promise<DayFiles> {
    const infos: ObjectInfo[] = [];
    for await (const info of this.#objects.list(`${indexPrefix(tenant)}${day}/`))
      if (dayOfIndex(info.key) === day) infos.push(info);
    return this.#day(tenant, day, infos);
  }

  async #day(tenant: string, day: string, infos: readonly ObjectInfo[]): Promise<DayFiles> {
    const files: IndexFile[] = [];
    const unreadable: string[] = [];
    for (const info of infos) {
      const file = await this.#file(tenant, day, info);
      if (file === "unreadable") unreadable.push(info.key);
      else if (file !== "gone") files.push(file);
    }
    const replaced = new Set(files.flatMap(({ replaces }) => replaces));
    files.sort((a, b) => a.modifiedMs - b.modifiedMs || compareText(a.key, b.key));
    const [live, dead] = [false, true].map((isDead) => files.filter(({ key }) => replaced.has(key) === isDead));
    return { tenant, day, live: live!, dead: dead!, unreadable };
  }

  async #file(tenant: string, day: string, info: ObjectInfo): Promise<IndexFile | "unreadable" | "gone"> {
    const known = this.#known.get(info.key);
    if (known !== undefined) return known;
    try {
      const file = summary(tenant, day, info, new LabelIndex(await this.#objects.get(info.key)));
      this.#known.set(info.key, file);
      return file;
    } catch (thrown) {
      const error = RatatoskError.from(thrown);
      if (error.code === "not_found") return "gone";
      if (error.code !== "corrupt") throw error;
      this.#unreadable(info.key, error);
      return "unreadable";
    }
  }

  #forget(tenant: string, present: ReadonlySet<string>): void {
    for (const [key, file] of this.#known) if (file.tenant === tenant && !present.has(key)) this.#known.delete(key);
  }
}

function summary(tenant: string, day: string, { key, size, modifiedMs }: ObjectInfo, index: LabelIndex): IndexFile {
  const { segments, replaces } = index;
  let oldestEnd: bigint | undefined;
  const { chunks } = index.content();
  for (const { maxTime } of chunks) if (oldestEnd === undefined || maxTime < oldestEnd) oldestEnd = maxTime;
  const storedBytes = segments.reduce((sum, { bytes }) => sum + bytes, size);
  return { key, tenant, day, modifiedMs, segments, replaces, chunks: chunks.length, storedBytes, oldestEnd };
}

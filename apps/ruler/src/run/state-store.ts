import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import type { GroupId } from "../group/rule-group.ts";
import { type GroupState, noState } from "./group-state.ts";

/** The states of groups in the object store: `<tenant>/rule-state/<namespace>/<group>.json`, names in Base64 for URLs. */
export class StateStore {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** The state of a group; a group that was never evaluated has `noState`, and so has one whose state is damaged. */
  async read(id: GroupId): Promise<GroupState> {
    try {
      return JSON.parse(Buffer.from(await this.#objects.get(keyOf(id))).toString(), numbers) as GroupState;
    } catch (error) {
      if (error instanceof SyntaxError || RatatoskError.from(error).code === "not_found") return noState;
      throw error;
    }
  }

  async write(id: GroupId, state: GroupState): Promise<void> {
    await this.#objects.put(keyOf(id), Buffer.from(JSON.stringify(state)));
  }

  async delete(id: GroupId): Promise<void> {
    await this.#objects.delete([keyOf(id)]);
  }
}

/** JSON has no NaN: it is written as null. */
const numbers = (key: string, value: unknown): unknown => (key === "value" && value === null ? NaN : value);

const encode = (name: string): string => Buffer.from(name).toString("base64url");
const keyOf = ({ tenant, namespace, group }: GroupId): string =>
  `${tenant}/rule-state/${encode(namespace)}/${encode(group)}.json`;

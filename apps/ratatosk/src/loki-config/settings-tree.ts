export type Section = Record<string, unknown>;

export const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** A scalar as text; undefined where there is none or it is empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Settings that are taken out one by one, so that at the end it shows what was left. */
export class SettingsTree {
  readonly root: Section;

  constructor(root: Section) {
    this.root = structuredClone(root);
  }

  /** Removes a setting, `common.path_prefix`, and gives its value; undefined where there is none. */
  take(path: string): unknown {
    const keys = path.split(".");
    const parent = sectionAt(this.root, keys.slice(0, -1));
    const value = parent?.[keys.at(-1)!];
    if (parent !== undefined) delete parent[keys.at(-1)!];
    return value ?? undefined;
  }

  text(path: string): string | undefined {
    return textOf(this.take(path));
  }

  /** Sets what is not set. */
  suggest(path: string, value: unknown): void {
    if (value === undefined) return;
    const keys = path.split(".");
    let section = this.root;
    for (const key of keys.slice(0, -1)) section = childOf(section, key);
    section[keys.at(-1)!] ??= value;
  }

  /** Sets of a section what is not set. */
  suggestAll(section: Section, path: readonly string[] = []): void {
    for (const [key, value] of Object.entries(section)) {
      const below = [...path, key];
      if (isSection(value)) this.suggestAll(value, below);
      else this.suggest(below.join("."), value);
    }
  }

  /** Removes all that a pattern names, `server.grpc_server_*`, and gives their paths. */
  drop(pattern: string): string[] {
    const keys = pattern.split(".");
    const parent = sectionAt(this.root, keys.slice(0, -1));
    const last = keys.at(-1)!;
    const matches = (name: string): boolean =>
      last.endsWith("*") ? name.startsWith(last.slice(0, -1)) : name === last;
    return Object.keys(parent ?? {})
      .filter(matches)
      .map((name) => {
        delete parent![name];
        return [...keys.slice(0, -1), name].join(".");
      });
  }

  /** Removes sections that have become empty. */
  prune(section: Section = this.root): void {
    for (const [key, value] of Object.entries(section)) {
      if (!isSection(value)) continue;
      this.prune(value);
      if (Object.keys(value).length === 0) delete section[key];
    }
  }

  /** The paths of all settings below a section. */
  paths(path: string): string[] {
    const at = sectionAt(this.root, path.split("."));
    return Object.entries(at ?? {}).flatMap(([key, value]) =>
      isSection(value) ? this.paths(`${path}.${key}`) : [`${path}.${key}`],
    );
  }
}

function childOf(section: Section, key: string): Section {
  const known = section[key];
  if (isSection(known)) return known;
  const child: Section = {};
  section[key] = child;
  return child;
}

function sectionAt(root: Section, keys: readonly string[]): Section | undefined {
  let at: unknown = root;
  for (const key of keys) at = isSection(at) ? at[key] : undefined;
  return isSection(at) ? at : undefined;
}

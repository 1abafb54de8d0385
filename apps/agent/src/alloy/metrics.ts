import { Registry } from "@ratatosk/observability";

/** Under which names a component's metrics are shown: what stands at their beginning, and what instead. */
export type Renames = readonly (readonly [from: string, to: string])[];

interface Source {
  readonly id: string;
  readonly renames: Renames;
  /** Prometheus text. */
  readonly text: () => Promise<string> | string;
}

/** Metrics of components: each has a registry of its own, shown with the component's id in Alloy's names. */
export class ComponentMetrics {
  readonly #sources = new Set<Source>();

  /** A registry for one component; `more` is further Prometheus text. */
  register(id: string, renames: Renames, more: () => string = () => ""): { registry: Registry; remove: () => void } {
    const registry = new Registry();
    const source: Source = { id, renames, text: async () => (await registry.metrics()) + more() };
    this.#sources.add(source);
    return { registry, remove: () => this.#sources.delete(source) };
  }

  async text(): Promise<string> {
    const families = new Map<string, { head: string[]; rows: string[] }>();
    for (const source of this.#sources) collect(await source.text(), source, families);
    return Array.from(families.values(), ({ head, rows }) => `${[...head, ...rows].join("\n")}\n`).join("");
  }
}

/** Adds the lines of a text to their families. */
function collect(
  text: string,
  { id, renames }: Source,
  families: Map<string, { head: string[]; rows: string[] }>,
): void {
  let family = { head: [] as string[], rows: [] as string[] };
  for (const line of text.split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+)(.*)$/.exec(line);
    if (comment) {
      const name = renamed(comment[2]!, renames);
      family = families.get(name) ?? { head: [], rows: [] };
      families.set(name, family);
      const head = `# ${comment[1]} ${name}${comment[3]}`;
      if (!family.head.includes(head) && family.head.length < 2) family.head.push(head);
    } else if (line !== "") family.rows.push(withId(line, id, renames));
  }
}

const renamed = (name: string, renames: Renames): string => {
  const found = renames.find(([from]) => name.startsWith(from));
  return found ? found[1] + name.slice(found[0].length) : name;
};

function withId(line: string, id: string, renames: Renames): string {
  const [, name, labels, value] = /^([^\s{]+)(?:\{(.*)\})? (.*)$/.exec(line) ?? [];
  if (name === undefined) return line;
  const slash = id.lastIndexOf("/");
  const own = `component_id=${JSON.stringify(id.slice(slash + 1))},component_path=${JSON.stringify(`/${id.slice(0, Math.max(slash, 0))}`)}`;
  return `${renamed(name, renames)}{${labels ? `${labels},` : ""}${own}} ${value}`;
}

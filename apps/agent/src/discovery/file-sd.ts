import { readFile } from "node:fs/promises";
import type { Logger } from "@ratatosk/observability";
import { expandGlob } from "../files/glob.ts";
import type { DiscoveredLabels } from "../files/file-targets.ts";
import { yaml } from "../yaml.ts";
import type { FileSdConfig, StaticConfig } from "../config/agent-config.ts";

/** The targets of a static configuration: its labels, once for each address. */
export const staticTargets = ({ targets, labels }: StaticConfig): DiscoveredLabels[] =>
  targets.map((address) => new Map([...labels, ["__address__", address]]));

/** Targets that stand in files; a file that cannot be read keeps what it said before. */
export class FileDiscovery {
  readonly config: FileSdConfig;
  readonly #log: Logger;
  readonly #last = new Map<string, DiscoveredLabels[]>();

  constructor(config: FileSdConfig, log: Logger) {
    this.config = config;
    this.#log = log;
  }

  async targets(): Promise<DiscoveredLabels[]> {
    const paths = (await Promise.all(this.config.files.map((pattern) => expandGlob(pattern)))).flat();
    for (const known of this.#last.keys()) if (!paths.includes(known)) this.#last.delete(known);
    for (const path of paths) {
      try {
        this.#last.set(path, groupsOf(await readFile(path, "utf8"), path));
      } catch (error) {
        this.#log.warn({ err: error, path }, "error reading the discovery file");
      }
    }
    return [...this.#last.values()].flat();
  }
}

function groupsOf(text: string, path: string): DiscoveredLabels[] {
  const { isScalar, parseDocument } = yaml();
  const document = parseDocument(text, { schema: "failsafe" });
  if (document.errors.length > 0) throw document.errors[0]!;
  if (isScalar(document.contents)) throw new Error("expected a list of target groups");
  const groups = (document.toJS() ?? []) as { targets?: string[]; labels?: Record<string, string> }[];
  return groups.flatMap(({ targets = [], labels = {} }) =>
    staticTargets({ targets, labels: new Map([...Object.entries(labels), ["__meta_filepath", path]]) }),
  );
}

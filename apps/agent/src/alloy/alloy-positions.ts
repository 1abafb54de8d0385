import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Logger } from "@ratatosk/observability";
import { Positions } from "../positions.ts";
import { printPositions } from "../positions-file.ts";
import { yaml } from "../yaml.ts";
import type { Shared } from "./shared.ts";

const syncMs = 1000;

/** The positions of one component, in its directory; Alloy's own file and a Promtail file are taken over once. */
export class ComponentPositions {
  readonly positions: Positions;
  readonly #id: string;
  readonly #shared: Shared;
  readonly #filename: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(id: string, shared: Shared, log: Logger) {
    this.#id = id;
    this.#shared = shared;
    this.#filename = join(shared.storagePath, id, "positions.yml");
    const config = { filename: this.#filename, syncPeriodMs: syncMs, ignoreInvalidYaml: false, readOnly: false };
    this.positions = new Positions(config, log);
  }

  async load(legacyFile: string): Promise<void> {
    mkdirSync(dirname(this.#filename), { recursive: true });
    if (existsSync(this.#filename)) convertAlloyFile(this.#filename);
    else if (legacyFile !== "" && existsSync(legacyFile)) writeFileSync(this.#filename, readFileSync(legacyFile));
    await this.positions.load();
    this.positions.learn(this.#shared.marks.filter(({ job }) => job === this.#id));
    this.#timer = setInterval(() => void this.positions.sync(), syncMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.positions.sync();
  }
}

/** Alloy keeps positions by path and labels; of a path with several the smallest counts. */
function convertAlloyFile(filename: string): void {
  const text = readFileSync(filename, "utf8");
  if (!/^\s*\? /m.test(text)) return;
  const data: unknown = yaml().parse(text, { mapAsMap: true });
  const positions = data instanceof Map ? (data.get("positions") as unknown) : undefined;
  if (!(positions instanceof Map)) return;
  const saved = new Map<string, string>();
  for (const [key, value] of positions as Map<unknown, unknown>) {
    const path = key instanceof Map ? String(key.get("path")) : String(key);
    const known = saved.get(path);
    if (known === undefined || Number(value) < Number(known)) saved.set(path, String(value));
  }
  writeFileSync(filename, printPositions(saved));
}

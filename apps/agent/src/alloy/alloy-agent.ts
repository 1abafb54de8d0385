import { AlloyError, type AlloyFile, type Diagnostic, parseAlloy } from "@ratatosk/alloy-syntax";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { createLogger, type Logger } from "@ratatosk/observability";
import { PlaceError } from "./body.ts";
import { kinds } from "./components/kinds.ts";
import type { Unit } from "./graph/declaration.ts";
import type { Imported } from "./graph/import-node.ts";
import { diagnosticsOf, Module } from "./graph/module.ts";
import { settingsFor, type SettingListeners } from "./settings.ts";
import { Shared } from "./shared.ts";

export interface AlloyAgentModules extends SettingListeners {
  readonly log: Logger;
  readonly storagePath: string;
  readonly isExperimental: boolean;
  /** The configuration's text, read anew at each reload. */
  readonly read: () => readonly Imported[];
  readonly path: string;
}

/** An agent as an Alloy configuration describes it. */
export class AlloyAgent {
  readonly shared: Shared;
  readonly #modules: AlloyAgentModules;
  readonly #module: Module;
  #hash = "";
  #isLoaded = false;

  constructor(modules: AlloyAgentModules) {
    this.#modules = modules;
    this.shared = new Shared(modules.log, modules.storagePath);
    this.#module = newModule(modules, this.shared);
  }

  /** Reads and evaluates the configuration. Throws an AlloyError. */
  load(): void {
    const files = parseAll(this.#modules.read());
    this.#module.load(unitsOf(files));
    this.#hash = hashOf(files);
  }

  /** What only a configuration that is run must fulfil. Throws an AlloyError. */
  check(): void {
    this.#module.check();
  }

  async start(): Promise<void> {
    this.shared.start();
    await this.#module.start();
    this.#isLoaded = true;
  }

  /** Takes the configuration as it is now. Throws an AlloyError where it is wrong: then all goes on as before. */
  async reload(): Promise<void> {
    const files = parseAll(this.#modules.read());
    await this.#rehearse(files);
    const before = this.#module.nodes;
    this.#module.load(unitsOf(files));
    for (const node of this.#module.leaving(before))
      for (const role of ["source", "processor", "writer"] as const) await node.stop?.(role);
    await this.#module.start();
    this.#hash = hashOf(files);
  }

  /** Loads the configuration into a graph that is never started: what is wrong shows before the running one is touched. */
  async #rehearse(files: readonly AlloyFile[]): Promise<void> {
    const { storagePath, isExperimental, path } = this.#modules;
    const log = createLogger("silent");
    const trial = newModule({ log, isExperimental, path }, new Shared(log, storagePath));
    try {
      trial.load(unitsOf(files));
      trial.check();
    } finally {
      await trial.stop("processor");
    }
  }

  /** Sources first, then what they feed; what is queued is sent if servers answer. */
  async stop(): Promise<void> {
    await this.shared.stopReading();
    for (const role of ["source", "processor", "writer"] as const) await this.#module.stop(role);
    this.shared.close();
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get hash(): string {
    return this.#hash;
  }

  get module(): Module {
    return this.#module;
  }
}

function newModule(
  { log, isExperimental, path, onLogging, onHttp }: Omit<AlloyAgentModules, "storagePath" | "read">,
  shared: Shared,
): Module {
  return new Module({
    kinds,
    settings: settingsFor({ onLogging, onHttp }),
    shared,
    log,
    prefix: "",
    isExperimental,
    outer: () => undefined,
    hasOuter: () => false,
    args: undefined,
    lookup: () => undefined,
    modulePath: dirname(path),
    expanding: [],
    newModule: (around) => new Module(around),
    exported: () => undefined,
  });
}

/** Parses every file; all that is wrong in any is reported. */
function parseAll(files: readonly Imported[]): AlloyFile[] {
  const diagnostics: Diagnostic[] = [];
  const parsed = files.flatMap(({ name, text }) => {
    try {
      return [parseAlloy(text, name)];
    } catch (error) {
      if (!(error instanceof AlloyError)) throw error;
      diagnostics.push(...error.diagnostics);
      return [];
    }
  });
  if (diagnostics.length > 0) throw new AlloyError(diagnostics);
  return parsed;
}

function unitsOf(files: readonly AlloyFile[]): Unit[] {
  const diagnostics: Diagnostic[] = [];
  const units = files.flatMap((file) =>
    file.body.flatMap((block) => {
      if (block.kind === "block") return [{ block, file }];
      const error = new PlaceError(block.nameSpan, `unrecognized attribute name ${JSON.stringify(block.name)}`);
      diagnostics.push(...diagnosticsOf(error, { file }));
      return [];
    }),
  );
  if (diagnostics.length > 0) throw new AlloyError(diagnostics);
  return units;
}

const hashOf = (files: readonly AlloyFile[]): string =>
  createHash("sha256")
    .update(files.map(({ source }) => source).join("\0"))
    .digest("hex")
    .slice(0, 12);

import { AlloyError, parseAlloy, type Scope } from "@ratatosk/alloy-syntax";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { evaluateBody, PlaceError } from "../body.ts";
import { duration, oneOf, secret, text } from "../decode.ts";
import { decodeBody, optional, required, schema } from "../schema.ts";
import type { Declaration, Unit } from "./declaration.ts";
import type { GraphNode } from "./node.ts";
import type { InnerModule, Surroundings } from "./surroundings.ts";

const fileSchema = schema({
  attributes: {
    filename: required(text),
    detector: optional(oneOf("fsnotify", "poll"), "fsnotify"),
    poll_frequency: optional(duration, 60_000),
  },
});
const stringSchema = schema({ attributes: { content: required(secret) } });

const watchMs = 1000;

export interface Imported {
  readonly name: string;
  readonly text: string;
}

/** `import.file "ns"`, `import.string "ns"`: declarations of other files under `ns.`; a file that changes is read again. */
export class ImportNode implements GraphNode {
  readonly id: string;
  readonly unit: Unit;
  readonly exports = undefined;
  readonly #around: Surroundings;
  readonly #changed: () => void;
  #module: InnerModule | undefined;
  #read: () => readonly Imported[] = () => [];
  #content = "";
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  #path = "";

  constructor(id: string, unit: Unit, around: Surroundings, changed: () => void) {
    this.id = id;
    this.unit = unit;
    this.#around = around;
    this.#changed = changed;
  }

  /** The declaration of that name in what was imported. */
  lookup(name: string): Declaration | undefined {
    return this.#module?.lookup(name);
  }

  evaluate(scope: Scope): boolean {
    const { block } = this.unit;
    const body = evaluateBody(block.body, scope);
    if (block.name === "import.string") {
      const { content } = decodeBody(body, stringSchema, block.nameSpan);
      this.#path = this.#around.modulePath;
      this.#read = () => [{ name: this.id, text: content }];
    } else {
      const { filename } = decodeBody(body, fileSchema, block.nameSpan);
      this.#path = isDirectory(filename) ? filename : dirname(filename);
      this.#read = () => readModules(filename);
    }
    try {
      return this.#load();
    } catch (error) {
      if (error instanceof AlloyError || error instanceof PlaceError) throw error;
      throw new PlaceError(block.nameSpan, (error as Error).message);
    }
  }

  #load(): boolean {
    const files = this.#read();
    const content = JSON.stringify(files);
    if (content === this.#content && this.#module) return false;
    const units = files.flatMap(({ name, text }) => this.#unitsIn(parseAlloy(text, name)));
    const module = this.#around.newModule({
      ...this.#around,
      settings: new Map(),
      args: undefined,
      lookup: () => undefined,
      modulePath: this.#path,
      exported: () => undefined,
    });
    module.load(units);
    this.#module = module;
    this.#content = content;
    this.#trouble = undefined;
    return true;
  }

  /** Only declarations and further imports count. */
  #unitsIn(file: Unit["file"]): Unit[] {
    const known = new Set(["declare", "import.file", "import.string"]);
    return file.body.flatMap((block) => {
      if (block.kind === "block" && known.has(block.name)) return [{ block, file }];
      this.#around.log.error(
        { file: file.name, name: block.name },
        "only declare and import blocks are allowed in a module",
      );
      return [];
    });
  }

  async start(): Promise<void> {
    if (this.unit.block.name === "import.file") this.#timer ??= setInterval(() => this.#look(), watchMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    try {
      if (this.#load()) this.#changed();
    } catch (error) {
      if (this.#trouble === undefined)
        this.#around.log.error({ err: error }, "cannot import again, going on as before");
      this.#trouble = (error as Error).message;
    }
  }

  get health(): string[] {
    return this.#trouble === undefined ? [] : [`${this.id}: ${this.#trouble}`];
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A file, or all `*.alloy` of a directory. */
export function readModules(path: string): Imported[] {
  if (!isDirectory(path)) return [{ name: path, text: readFileSync(path, "utf8") }];
  const names = readdirSync(path).filter((name) => name.endsWith(".alloy"));
  return names.sort().map((name) => ({ name: join(path, name), text: readFileSync(join(path, name), "utf8") }));
}

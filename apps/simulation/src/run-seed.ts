import { createHash } from "node:crypto";
import { RatatoskError } from "@ratatosk/model";
import { letLoose } from "./chaos.ts";
import { Cluster } from "./cluster.ts";
import { Host } from "./host.ts";
import type { Found } from "./reader.ts";
import { beginWorld, type World } from "./world.ts";

/** What came of a world. */
export interface Outcome {
  readonly seed: number;
  /** What was promised and not kept; undefined where all was. */
  readonly broken: string | undefined;
  readonly acknowledged: number;
  /** Answers that were read and checked while things went wrong, and those that were refused. */
  readonly reads: number;
  readonly refusedReads: number;
  readonly faults: number;
  /** Of all that happened, in its order: a seed that is run again has the same. */
  readonly hash: string;
  readonly story: readonly string[];
}

const troubleMs = 60_000;
const calmMs = 60_000;
const compactedMs = 240_000;

class Broken extends Error {}

/** Lives through a world: trouble, then calm, then the compactor's work; checked all along. */
export async function runSeed(seed: number): Promise<Outcome> {
  const world = beginWorld(seed);
  const run = new Run(seed, world);
  let broken: string | undefined;
  try {
    await run.live();
  } catch (error) {
    broken = error instanceof Broken ? error.message : String((error as Error).stack);
  }
  return run.outcome(broken);
}

class Run {
  readonly #seed: number;
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #story: string[] = [];
  #reads = 0;
  #refused = 0;
  #faults = 0;
  #failure: Error | undefined;

  constructor(seed: number, world: World) {
    this.#seed = seed;
    this.#world = world;
    this.#cluster = new Cluster(world);
  }

  async live(): Promise<void> {
    const { clock } = this.#world;
    const beganMs = clock.nowMs;
    letLoose(this.#cluster, beganMs + troubleMs, (what) => {
      this.#faults++;
      this.#tell(what);
    });
    this.#readAgain(beganMs + troubleMs);
    await this.#until(beganMs + troubleMs);
    await this.#calmDown();
    const found = await this.#whole("when all was well again");
    await this.#until(clock.nowMs + compactedMs);
    const compacted = await this.#whole("after compaction");
    if (compacted.lines.size !== found.lines.size)
      throw new Broken(`${found.lines.size} lines became ${compacted.lines.size} by compaction`);
    const { refused } = this.#cluster.ledger;
    if (refused.length > 0) throw new Broken(`a push was refused: ${refused[0]}`);
  }

  outcome(broken: string | undefined): Outcome {
    const { acknowledged } = this.#cluster.ledger;
    const hash = createHash("sha256").update(this.#story.join("\n")).digest("hex").slice(0, 16);
    return {
      seed: this.#seed,
      broken,
      acknowledged: acknowledged.size,
      reads: this.#reads,
      refusedReads: this.#refused,
      faults: this.#faults,
      hash,
      story: this.#story,
    };
  }

  async #until(ms: number): Promise<void> {
    await this.#world.clock.runUntil(ms);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #calmDown(): Promise<void> {
    const { clock } = this.#world;
    const { writers } = this.#cluster;
    this.#cluster.heal();
    for (const writer of writers) writer.stop();
    await this.#until(clock.nowMs + calmMs);
    this.#cluster.heal();
    const busy = writers.filter(({ isIdle }) => !isIdle).length;
    if (busy > 0) throw new Broken(`${busy} writers still wait ${calmMs} ms after all was well`);
  }

  /** Reads now and then, from a host of its own. */
  #readAgain(untilMs: number): void {
    const { clock, random } = this.#world;
    const again = async (): Promise<void> => {
      while (clock.nowMs < untilMs) {
        await clock.pass(random.between(500, 4000));
        await this.#read().catch((error: unknown) => {
          if (error instanceof Broken) this.#failure ??= error;
          else if (RatatoskError.from(error).code === "unavailable") this.#refused++;
          else this.#failure ??= error as Error;
        });
      }
    };
    void new Host("reader").run(again);
  }

  async #read(): Promise<void> {
    const expected = new Set(this.#cluster.ledger.acknowledged);
    const found = await this.#cluster.reader.read();
    this.#reads++;
    this.#tell(`read ${found.lines.size} lines, ${found.repeated} again, ${found.warnings.length} warnings`);
    if (found.warnings.length === 0) this.#check(found, expected, "in trouble");
    else this.#check(found, new Set(), "in trouble");
  }

  /** Reads when nothing is wrong: then no answer may be refused or lack anything. */
  async #whole(when: string): Promise<Found> {
    const { clock } = this.#world;
    const { ledger, reader } = this.#cluster;
    let found: Found | undefined;
    let failure: unknown;
    reader.read().then(
      (answer) => (found = answer),
      (error: unknown) => (failure = error),
    );
    await this.#until(clock.nowMs + 20_000);
    if (found === undefined) throw new Broken(`${when} a read was refused: ${String(failure)}`);
    this.#tell(`${when}: ${found.lines.size} lines, ${found.repeated} again`);
    if (found.warnings.length > 0) throw new Broken(`${when}: ${found.warnings[0]}`);
    this.#check(found, ledger.acknowledged, when);
    return found;
  }

  #check({ lines }: Found, expected: ReadonlySet<string>, when: string): void {
    const lost = [...expected].filter((line) => !lines.has(line));
    if (lost.length > 0) throw new Broken(`${when} ${lost.length} acknowledged lines are lost, such as "${lost[0]}"`);
    const strange = [...lines].filter((line) => !this.#cluster.ledger.sent.has(line));
    if (strange.length > 0) throw new Broken(`${when} ${strange.length} lines come from nowhere: "${strange[0]}"`);
  }

  #tell(what: string): void {
    this.#story.push(`${(this.#world.clock.nowMs / 1000).toFixed(3)} ${what}`);
  }
}

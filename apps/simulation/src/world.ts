import { createRequire, syncBuiltinESMExports } from "node:module";
import { Clock, type Timer } from "./clock.ts";
import { Disk, simulatedRoot } from "./disk.ts";
import { Random } from "./random.ts";

/** All that a seed decides: time, chance and the disks. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
}

let world: World | undefined;

/** 2026-01-15T23:59:30Z: soon another day begins. */
const startMs = 1_768_521_570_000;

/** Begins a world. From now on time, timers, chance and files below `/simulated` are its own. */
export function beginWorld(seed: number): World {
  const clock = new Clock(startMs);
  const random = new Random(seed);
  world = { clock, random, disk: new Disk(clock, random) };
  return world;
}

// This module is loaded before those it serves: the product's own code then runs as it is, in this world.
const load = createRequire(import.meta.url);
type Functions = Record<string, (...args: never[]) => unknown>;

function replace(target: object, name: string, substitute: (world: World, ...args: never[]) => unknown): void {
  const functions = target as Functions;
  const original = functions[name]!;
  functions[name] = (...args: never[]) => (world === undefined ? original(...args) : substitute(world, ...args));
}

const timer = ({ clock }: World, run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer =>
  clock.after(ms, () => run(...args));

function interval({ clock }: World, run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
  let next: Timer;
  const again = (): void => {
    next = clock.after(ms, again);
    run(...args);
  };
  next = clock.after(ms, again);
  const whole: Timer = { cancel: () => next.cancel(), ref: () => whole, unref: () => whole };
  return whole;
}

async function sleep(
  { clock }: World,
  ms: number,
  value: unknown,
  options?: { signal?: AbortSignal },
): Promise<unknown> {
  const aborted = new Promise<never>((_, reject) =>
    options?.signal?.addEventListener("abort", () => reject(options.signal!.reason as Error), { once: true }),
  );
  await Promise.race([clock.pass(ms), aborted]);
  return value;
}

replace(Date, "now", ({ clock }) => Math.floor(clock.nowMs));
replace(performance, "now", ({ clock }) => clock.nowMs);
replace(Math, "random", ({ random }) => random.next());
replace(globalThis, "setTimeout", timer);
replace(globalThis, "setInterval", interval);
replace(globalThis, "setImmediate", (now, run: () => void) => timer(now, run));
for (const name of ["clearTimeout", "clearInterval"]) replace(globalThis, name, (_, one?: Timer) => one?.cancel());

const timers = load("node:timers/promises") as object;
replace(timers, "setTimeout", sleep);
replace(timers, "setImmediate", ({ clock }) => clock.pass(0));

const crypto = load("node:crypto") as object;
replace(crypto, "randomBytes", ({ random }, length: number) => random.bytes(length));
replace(crypto, "randomInt", ({ random }, limit: number) => Math.floor(random.next() * limit));
replace(crypto, "randomUUID", ({ random }) => random.bytes(16).toString("hex"));

const files = load("node:fs/promises") as Functions;
for (const name of ["open", "readdir", "mkdir", "readFile", "stat", "unlink"] as const) {
  const original = files[name]!;
  files[name] = (...args: never[]) => {
    const [path] = args as unknown as [string];
    const isSimulated = world !== undefined && typeof path === "string" && path.startsWith(simulatedRoot);
    return isSimulated ? (world!.disk[name] as (...args: never[]) => unknown)(...args) : original(...args);
  };
}
syncBuiltinESMExports();

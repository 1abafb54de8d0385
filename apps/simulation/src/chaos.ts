import type { Cluster } from "./cluster.ts";

/** Something that goes wrong, and what puts it right again some time later. */
type Fault = (cluster: Cluster) => { readonly what: string; readonly mend: () => void };

const cutOff = (cluster: Cluster, place: string, ways: readonly ("to" | "from")[]): void => {
  const others = [...cluster.distributors, ...cluster.ingesters].map(({ name }) => name);
  for (const other of ["querier", ...others]) {
    if (ways.includes("to")) cluster.network.cut(other, place);
    if (ways.includes("from")) cluster.network.cut(place, other);
  }
};

/** The faults that a world has, the common ones named more than once. */
const faults: readonly Fault[] = [
  ...Array<Fault>(3).fill((cluster) => {
    const node = cluster.world.random.pick(cluster.ingesters);
    node.crash();
    return { what: `${node.name} loses its power`, mend: () => node.start() };
  }),
  (cluster) => {
    for (const node of cluster.ingesters) node.crash();
    return { what: "all ingesters lose their power", mend: () => cluster.ingesters.forEach((node) => node.start()) };
  },
  (cluster) => {
    const node = cluster.world.random.pick(cluster.ingesters);
    node.stop();
    return { what: `${node.name} is stopped`, mend: () => node.start() };
  },
  (cluster) => {
    const node = cluster.world.random.pick([...cluster.distributors, ...cluster.compactors]);
    node.crash();
    return { what: `${node.name} is killed`, mend: () => node.start() };
  },
  (cluster) => {
    const { random } = cluster.world;
    const { name } = random.pick(cluster.ingesters);
    cutOff(cluster, name, random.pick([["to"], ["from"], ["to", "from"]] as const));
    return { what: `${name} is cut off`, mend: () => cluster.network.heal() };
  },
  ({ network: { mood }, world: { random } }) => {
    Object.assign(mood, { delayMs: random.between(20, 2000), losses: random.pick([0, 0.02, 0.2]) });
    return {
      what: `messages take up to ${mood.delayMs} ms, ${mood.losses} of them are lost`,
      mend: () => Object.assign(mood, { delayMs: 3, losses: 0 }),
    };
  },
  ...Array<Fault>(2).fill(({ storeMood: mood, world: { random } }) => {
    Object.assign(mood, { failures: random.pick([0.05, 0.3, 1]), delayMs: random.pick([10, 300, 5000]) });
    return {
      what: `the store fails ${mood.failures} of calls and takes up to ${mood.delayMs} ms`,
      mend: () => Object.assign(mood, { failures: 0, delayMs: 10 }),
    };
  }),
  ({ ingesters, world: { random, disk } }) => {
    const { name } = random.pick(ingesters);
    const mood = disk.mood(name);
    Object.assign(mood, { failures: random.pick([0, 0.1, 1]), syncMs: random.pick([4, 200, 8000]) });
    return {
      what: `the disk of ${name} fails ${mood.failures} of writes and syncs in up to ${mood.syncMs} ms`,
      mend: () => Object.assign(mood, { failures: 0, syncMs: 4 }),
    };
  },
  (cluster) => {
    const node = cluster.world.random.pick(cluster.ingesters);
    node.flush().catch(() => undefined);
    return { what: `${node.name} is told to flush`, mend: () => undefined };
  },
];

/** Lets things go wrong now and then, one or several at a time, until `untilMs`. */
export function letLoose(cluster: Cluster, untilMs: number, tell: (what: string) => void): void {
  const { clock, random } = cluster.world;
  const strike = (): void => {
    if (clock.nowMs >= untilMs) return;
    const { what, mend } = random.pick(faults)(cluster);
    const lastsMs = random.between(100, 12_000);
    tell(`${what}, for ${lastsMs} ms`);
    clock.after(lastsMs, mend, "nobody");
    clock.after(random.between(200, 9000), strike, "nobody");
  };
  clock.after(random.between(500, 5000), strike, "nobody");
}

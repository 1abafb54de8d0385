import { parseArgs } from "node:util";
// First of all: what is loaded after it finds the simulated world in place of Node's clock, disk and chance.
import "./world.ts";
import type { Outcome } from "./run-seed.ts";

const help = `npm run simulate -- [--seeds 200] [--first 1] [--story]

Lives through one world a seed: distributors, ingesters, a bucket, compactors and a querier, with the product's own code,
over a simulated clock, network and disk, and a store that fails. Each seed can be run again and goes the same way.

  --seeds N   how many worlds
  --first N   the seed of the first
  --story     tell what happens in each
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    story: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(help);
else await simulate(Number(values.first), Number(values.seeds), values.story);

async function simulate(first: number, count: number, tellsStory: boolean): Promise<void> {
  const { runSeed } = await import("./run-seed.ts");
  const outcomes: Outcome[] = [];
  process.on("unhandledRejection", (error) => {
    throw error;
  });
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runSeed(seed);
    outcomes.push(outcome);
    if (tellsStory) process.stdout.write(`${outcome.story.join("\n")}\n`);
    if (outcome.broken !== undefined) process.stdout.write(`seed ${seed}: ${outcome.broken}\n`);
    if (tellsStory || outcome.broken !== undefined) process.stdout.write(`seed ${seed}: hash ${outcome.hash}\n`);
    else if (outcomes.length % 25 === 0) process.stdout.write(`${outcomes.length} of ${count} worlds\n`);
  }
  const broken = outcomes.filter((outcome) => outcome.broken !== undefined);
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + of(one), 0);
  process.stdout.write(
    `${sum(({ faults }) => faults)} faults, ${sum(({ acknowledged }) => acknowledged)} lines acknowledged, ` +
      `${sum(({ reads }) => reads)} answers checked, ${sum(({ refusedReads }) => refusedReads)} refused\n` +
      `${count - broken.length} passed, ${broken.length} failed\n`,
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
}

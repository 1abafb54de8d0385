import { parseArgs } from "node:util";
import { runTargets } from "./run-targets.ts";
import { targets } from "./targets/index.ts";

const help = `npm run fuzz -- [NAME…] [--inputs 2000] [--first 0] [--seed 1]

Reads inputs, made from samples by chance, with the parsers of what anybody may send or damage. None may crash, hang or
keep memory. Each input is made from its number and the seed alone, so that it can be read again.

  --inputs N   how many for each parser
  --first N    the number of the first
  --seed N     another seed, other inputs

${targets.map(({ name }) => name).join(" ")}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: "string", default: "2000" },
    first: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const unknown = positionals.find((name) => !targets.some((target) => target.name === name));
if (values.help) process.stdout.write(help);
else if (unknown !== undefined) {
  process.stderr.write(`there is no parser ${unknown}\n${help}`);
  process.exitCode = 2;
} else await fuzz(positionals.length > 0 ? positionals : targets.map(({ name }) => name));

async function fuzz(names: readonly string[]): Promise<void> {
  const inputs = { first: Number(values.first), count: Number(values.inputs), seed: Number(values.seed) };
  let failed = 0;
  for await (const { name, accepted, seconds, faults } of runTargets(names, inputs)) {
    process.stdout.write(`${name}: ${inputs.count} inputs, ${accepted} accepted, ${seconds.toFixed(1)} s\n`);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (faults.length > 0) failed++;
  }
  process.stdout.write(`${names.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

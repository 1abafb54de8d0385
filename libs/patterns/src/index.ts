export { type Pattern, PatternMiner, type PatternMinerOptions } from "./pattern-miner.ts";

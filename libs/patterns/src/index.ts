export { bucketStart, minedText, sampleBlock, type SampledLevel, type SampledPattern } from "./block-sample.ts";
export { type Pattern, PatternMiner, type PatternMinerOptions } from "./pattern-miner.ts";
export { decodeSample, encodeSample } from "./sample-codec.ts";

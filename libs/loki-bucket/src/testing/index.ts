export { openSample, sampleBucket, sampleDay } from "./sample-bucket.ts";

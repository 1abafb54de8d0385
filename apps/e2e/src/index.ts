export { agentProcess, type AgentOptions, fileJob } from "./agent.ts";
export { freePort } from "./free-port.ts";
export { type Corpus, corpora, linesOf, madeUp } from "./loghub.ts";
export { Minio } from "./minio.ts";
export { type ProcessOptions, RatatoskProcess } from "./process.ts";
export { randomFrom } from "./random.ts";
export { readBack, readBackOnce } from "./read-back.ts";
export { realPart } from "./real-parts.ts";
export { serverProcess, type ServerOptions } from "./server.ts";

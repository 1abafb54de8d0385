export { QuerierConfig } from "./config.ts";
export { createQuerier, type Querier, type QuerierModules } from "./querier.ts";
export type { PeerQuerier } from "./share/peer-scans.ts";

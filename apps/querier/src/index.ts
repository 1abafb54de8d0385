export { QuerierConfig } from "./config.ts";
export { createQuerier, type Querier, type QuerierModules } from "./querier.ts";

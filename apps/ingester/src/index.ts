export { IngesterConfig } from "./config.ts";
export { createIngester, type IngesterModules, type IngesterParts } from "./ingester.ts";
export { recordTypes } from "./records.ts";

export { DistributorConfig } from "./config.ts";
export { createDistributor, type DistributorModules } from "./distributor.ts";

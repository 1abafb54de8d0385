export type { Service } from "./service.ts";
export { Services, type ServiceState } from "./services.ts";

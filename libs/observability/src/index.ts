export { createLogger, type Logger } from "./logger.ts";
export { Registry } from "prom-client";

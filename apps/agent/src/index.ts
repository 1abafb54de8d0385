export { createAgent, Agent, type AgentModules } from "./agent.ts";
export { baseConfig, containersConfig, type BaseOptions } from "./config/base-config.ts";
export type { AgentConfig } from "./config/agent-config.ts";
export { type Flags, noFlags, parseFlags } from "./config/flags.ts";
export { loadPromtailConfig, parsePromtailConfig } from "./config/promtail.ts";

import type { DockerSdConfig } from "../../config/agent-config.ts";
import { boolean, duration, integer, listOf, oneOf, text } from "../decode.ts";
import { blocks, optional, required, type Schema, schema } from "../schema.ts";
import { checkHttp, httpAttributes, httpBlocks, httpConfig } from "./http-client.ts";

const filterSchema = schema({ attributes: { name: required(text), values: required(listOf(text)) } });

const common = {
  ...httpAttributes,
  host: required(text),
  port: optional(integer, 80),
  refresh_interval: optional(duration, 60_000),
};

export const dockerSchema = schema({
  attributes: {
    ...common,
    host_networking_host: optional(text, "localhost"),
    match_first_network: optional(boolean, true),
  },
  blocks: { ...httpBlocks, filter: blocks(filterSchema) },
  check: checkHttp,
});
export type DockerArgs = typeof dockerSchema extends Schema<infer T> ? T : never;

export const swarmSchema = schema({
  attributes: { ...common, role: required(oneOf("services", "tasks", "nodes")) },
  blocks: { ...httpBlocks, filter: blocks(filterSchema) },
  check: checkHttp,
});
export type SwarmArgs = typeof swarmSchema extends Schema<infer T> ? T : never;

/** How an engine is reached and asked. */
export const engineConfig = (args: DockerArgs | SwarmArgs): DockerSdConfig => ({
  host: args.host,
  port: args.port,
  hostNetworkingHost: "host_networking_host" in args ? args.host_networking_host : "localhost",
  matchFirstNetwork: "match_first_network" in args ? args.match_first_network : true,
  filters: new Map(args.filter.map(({ name, values }) => [name, values])),
  refreshMs: args.refresh_interval,
  http: httpConfig(args),
  ...("role" in args ? { role: args.role } : {}),
});

export const plainHttp = schema({ attributes: httpAttributes, blocks: httpBlocks, check: checkHttp });

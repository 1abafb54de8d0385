import type { JobConfig } from "../config/agent-config.ts";
import { FileSource } from "./file-source.ts";
import type { Source, SourceParts } from "./source.ts";

/** The source of a job. */
export function createSource({ source }: JobConfig, parts: SourceParts): Source {
  switch (source.kind) {
    case "files":
      return new FileSource(source, parts);
    default:
      return { start: async () => undefined, stop: async () => undefined, status: [] };
  }
}

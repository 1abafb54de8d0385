import type { JobConfig } from "../config/agent-config.ts";
import { FileSource } from "./file-source.ts";
import type { Source, SourceParts } from "./source.ts";

const nothing: Source = { start: async () => undefined, stop: async () => undefined, status: [] };

/** The source of a job. What few agents have is loaded only then. */
export async function createSource({ source }: JobConfig, parts: SourceParts): Promise<Source> {
  switch (source.kind) {
    case "files":
      return new FileSource(source, parts);
    case "docker":
      return new (await import("./docker-source.ts")).DockerSource(source.engines, parts);
    case "journal":
      return new (await import("./journal-source.ts")).JournalSource(source.journal, parts);
    case "syslog":
      return new (await import("./syslog-source.ts")).SyslogSource(source.syslog, parts);
    case "push":
      return new (await import("./push-source.ts")).PushSource(source.push, parts);
    default:
      return nothing;
  }
}

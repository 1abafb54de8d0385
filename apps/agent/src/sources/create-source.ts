import type { JobConfig } from "../config/agent-config.ts";
import { DockerSource } from "./docker-source.ts";
import { FileSource } from "./file-source.ts";
import { JournalSource } from "./journal-source.ts";
import type { Source, SourceParts } from "./source.ts";
import { SyslogSource } from "./syslog-source.ts";

const nothing: Source = { start: async () => undefined, stop: async () => undefined, status: [] };

/** The source of a job. What few agents have is loaded only then. */
export async function createSource({ source }: JobConfig, parts: SourceParts): Promise<Source> {
  switch (source.kind) {
    case "files":
      return new FileSource(source, parts);
    case "docker":
      return new DockerSource(source.engines, parts);
    case "journal":
      return new JournalSource(source.journal, parts);
    case "syslog":
      return new SyslogSource(source.syslog, parts);
    case "push":
      return new (await import("./push-source.ts")).PushSource(source.push, parts);
    default:
      return nothing;
  }
}

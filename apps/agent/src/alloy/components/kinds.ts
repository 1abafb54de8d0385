import type { ComponentKind } from "../component.ts";
import { batchProcessor, lokiExporter, otlpReceiver } from "../otel/components.ts";
import { lokiReceiver } from "../otel/loki-receiver.ts";
import { otlpHttpExporter } from "../otel/otlphttp-exporter.ts";
import { discoveryDocker, discoveryDockerSwarm, discoveryFile } from "./discovery.ts";
import { discoveryRelabel } from "./discovery-relabel.ts";
import { localFile } from "./local-file.ts";
import { localFileMatch } from "./local-file-match.ts";
import { lokiEcho } from "./loki-echo.ts";
import { lokiEnrich } from "./loki-enrich.ts";
import { lokiProcess } from "./loki-process.ts";
import { lokiRelabel } from "./loki-relabel.ts";
import { lokiSecretFilter } from "./loki-secretfilter.ts";
import { lokiSourceApi } from "./loki-source-api.ts";
import { lokiSourceDocker } from "./loki-source-docker.ts";
import { lokiSourceFile } from "./loki-source-file.ts";
import { lokiSourceJournal } from "./loki-source-journal.ts";
import { lokiSourceSyslog } from "./loki-source-syslog.ts";
import { lokiWrite } from "./loki-write.ts";

const all = [
  batchProcessor,
  lokiExporter,
  otlpReceiver,
  lokiReceiver,
  otlpHttpExporter,
  discoveryDocker,
  discoveryDockerSwarm,
  discoveryFile,
  discoveryRelabel,
  localFile,
  localFileMatch,
  lokiEcho,
  lokiEnrich,
  lokiProcess,
  lokiRelabel,
  lokiSecretFilter,
  lokiSourceApi,
  lokiSourceDocker,
  lokiSourceFile,
  lokiSourceJournal,
  lokiSourceSyslog,
  lokiWrite,
];

/** Every kind of component, by name. */
export const kinds: ReadonlyMap<string, ComponentKind<unknown>> = new Map(
  all.map((kind) => [kind.name, kind as unknown as ComponentKind<unknown>]),
);

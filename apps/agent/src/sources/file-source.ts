import { FileDiscovery, staticTargets } from "../discovery/file-sd.ts";
import { SwarmDiscovery } from "../discovery/swarm-sd.ts";
import { FileTargets, type DiscoveredLabels, type TargetStatus } from "../files/file-targets.ts";
import type { SourceConfig } from "../config/agent-config.ts";
import type { Source, SourceParts } from "./source.ts";

/** The files of one job: found anew now and then, and whenever a name appears where one may appear. */
export class FileSource implements Source {
  readonly #config: Extract<SourceConfig, { kind: "files" }>;
  readonly #targets: FileTargets;
  readonly #discoveries: {
    targets(): Promise<DiscoveredLabels[]>;
    readonly refreshMs: number;
    last: DiscoveredLabels[];
    nextMs: number;
  }[];
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** What was found last. */
  #found: string | undefined;

  constructor(config: Extract<SourceConfig, { kind: "files" }>, parts: SourceParts) {
    this.#config = config;
    this.#targets = new FileTargets({ ...parts, config: config.file });
    const files = config.fileSds.map((one) => new FileDiscovery(one, parts.log));
    const swarms = config.swarmSds.map((one) => new SwarmDiscovery(one, parts.log));
    this.#discoveries = [...files, ...swarms].map((one) => ({
      targets: () => one.targets(),
      refreshMs: one.config.refreshMs,
      last: [],
      nextMs: 0,
    }));
  }

  async start(): Promise<void> {
    await this.#sync();
    this.#timer = setInterval(() => void this.#sync(), this.#config.file.syncPeriodMs);
    for (const { refreshMs } of this.#discoveries)
      if (refreshMs < this.#config.file.syncPeriodMs) setInterval(() => void this.#sync(), refreshMs).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#targets.sync();
    this.#targets.stop();
  }

  get status(): TargetStatus[] {
    return this.#targets.status;
  }

  get directories(): ReadonlySet<string> {
    return this.#targets.directories;
  }

  namesChanged(directory: string): void {
    if (!this.directories.has(directory)) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#targets.sync();
    }, 50);
  }

  async #sync(): Promise<void> {
    if (this.#isStopped) return;
    const now = Date.now();
    for (const discovery of this.#discoveries) {
      if (discovery.nextMs > now) continue;
      discovery.last = await discovery.targets();
      discovery.nextMs = now + discovery.refreshMs - 1;
    }
    const found = [...this.#config.statics.flatMap(staticTargets), ...this.#discoveries.flatMap(({ last }) => last)];
    const text = JSON.stringify(found.map((labels) => [...labels]));
    if (text !== this.#found) this.#targets.discovered(found);
    this.#found = text;
    await this.#targets.sync();
  }
}

/** What `/api/v1/targets` of an agent says. */
export interface Snapshot {
  readonly jobs: readonly { readonly job: string; readonly targets: readonly TargetSnapshot[] }[];
  readonly clients: readonly ClientSnapshot[];
}

interface TargetSnapshot {
  readonly details: readonly SourceSnapshot[];
}

interface SourceSnapshot {
  readonly name: string;
  /** Absent where nobody can tell. */
  readonly lagBytes?: number;
  readonly lines: number;
  readonly bytes: number;
  readonly lastError?: string;
}

interface ClientSnapshot {
  readonly url: string;
  readonly tenant: string;
  readonly batches: number;
  readonly bytes: number;
  readonly oldestMs?: number;
  readonly lastError?: string;
}

/** Asks an agent. Throws where it does not answer. */
export async function takeSnapshot(url: string): Promise<Snapshot> {
  const answer = await fetch(new URL("api/v1/targets", url.endsWith("/") ? url : `${url}/`));
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as Snapshot;
}

/** A source as the table shows it. */
export interface SourceRow {
  readonly job: string;
  readonly name: string;
  readonly linesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly lagBytes: number | undefined;
  readonly lastError: string;
}

/** What each source did between two snapshots, the busiest and those that lag first. */
export function sourceRows(before: Snapshot, after: Snapshot, seconds: number): SourceRow[] {
  const earlier = new Map(eachSource(before).map(({ key, source }) => [key, source]));
  const rows = eachSource(after).map(({ key, job, source }) => {
    const old = earlier.get(key);
    const perSecond = (now: number, then: number): number => Math.max(0, now - then) / seconds;
    return {
      job,
      name: source.name,
      linesPerSecond: old ? perSecond(source.lines, old.lines) : 0,
      bytesPerSecond: old ? perSecond(source.bytes, old.bytes) : 0,
      lagBytes: source.lagBytes,
      lastError: source.lastError ?? "",
    };
  });
  return rows.sort((a, b) => (b.lagBytes ?? 0) - (a.lagBytes ?? 0) || b.linesPerSecond - a.linesPerSecond);
}

function eachSource({ jobs }: Snapshot): { key: string; job: string; source: SourceSnapshot }[] {
  return jobs.flatMap(({ job, targets }) =>
    targets.flatMap(({ details }) => details.map((source) => ({ key: `${job}\0${source.name}`, job, source }))),
  );
}

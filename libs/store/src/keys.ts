/** Which tenant and day (`2026-01-15`) an object belongs to, and what its writer calls it. */
export interface ObjectName {
  readonly tenant: string;
  readonly day: string;
  readonly id: string;
}

export const segmentKey = ({ tenant, day, id }: ObjectName): string => `${tenant}/segments/${day}/${id}.seg`;

export const indexKey = ({ tenant, day, id }: ObjectName): string => `${tenant}/index/${day}/${id}.idx`;

export const indexPrefix = (tenant: string): string => `${tenant}/index/`;

export const segmentPrefix = (tenant: string): string => `${tenant}/segments/`;

/** The day of an index file, undefined where the key is none of an index file. */
export function dayOfIndex(key: string): string | undefined {
  return /^[^/]+\/index\/(\d{4}-\d{2}-\d{2})\/[^/]+\.idx$/.exec(key)?.[1];
}

/** The UTC day of a time. */
export function dayAt(nanos: bigint): string {
  const dayNanos = 86_400_000_000_000n;
  const day = (nanos - (((nanos % dayNanos) + dayNanos) % dayNanos)) / dayNanos;
  const limited = Math.min(Math.max(Number(day), -719_162), 2_932_896);
  return new Date(limited * 86_400_000).toISOString().slice(0, 10);
}

/** The keys that `segmentKey` makes. */
export const segmentPattern = /^([^/]+)\/segments\/\d{4,5}-\d{2}-\d{2}\/[^/]+\.seg$/;

/** Whose segment it is; undefined where the key is none of a segment. */
export const tenantOfSegment = (key: string): string | undefined => segmentPattern.exec(key)?.[1];

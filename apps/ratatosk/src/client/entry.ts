export type LabelSet = Readonly<Record<string, string>>;

/** Lines of a stream as the API tells them. */
export interface ApiStream {
  readonly stream: LabelSet;
  readonly values: readonly (readonly [time: string, line: string])[];
}

export interface Entry {
  readonly stream: LabelSet;
  /** Unix nanoseconds. */
  readonly time: bigint;
  readonly line: string;
}

/** The lines of all streams by time. */
export function inOrder(streams: readonly ApiStream[], forward: boolean): Entry[] {
  const entries = streams.flatMap(({ stream, values }) =>
    values.map(([time, line]) => ({ stream, time: BigInt(time), line })),
  );
  const sign = forward ? 1 : -1;
  return entries.sort((a, b) => (a.time === b.time ? 0 : a.time < b.time ? -sign : sign));
}

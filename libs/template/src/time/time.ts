/** A point in time in a zone, as Go's time.Time. */
export class Time {
  /** Go's zero time: 1 January of the year 1. */
  static readonly zero = new Time(-62_135_596_800_000_000_000n, "UTC");

  readonly unixNanos: bigint;
  /** IANA name, `UTC`, or a fixed offset as `+02:00`. */
  readonly zone: string;

  constructor(unixNanos: bigint, zone: string) {
    this.unixNanos = unixNanos;
    this.zone = zone;
  }
}

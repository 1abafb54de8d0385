/** A point in time in a zone, as Go's time.Time. */
export class Time {
  readonly unixNanos: bigint;
  /** IANA name, `UTC`, or a fixed offset as `+02:00`. */
  readonly zone: string;

  constructor(unixNanos: bigint, zone: string) {
    this.unixNanos = unixNanos;
    this.zone = zone;
  }
}

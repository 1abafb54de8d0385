/** A time as Go's RFC3339 writes it: UTC, seconds without a fraction. */
export function rfc3339(seconds: number): string {
  return new Date(1000 * seconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** What queriers ask of each other, over gRPC through `libs/rpc`. */
export interface QuerierApi {
  /** Runs a job (`encodeJob` of `libs/engine`); yields its result in parts (`encodeResult`). */
  scan(job: Uint8Array, call: ScanCall): AsyncIterable<Uint8Array>;
}

export interface ScanCall {
  /** Whose blocks may be read. */
  readonly tenants: readonly string[];
  readonly signal: AbortSignal;
}

import { RatatoskError } from "@ratatosk/model";
import { contracts, type QuerierApi, type ScanCall } from "@ratatosk/proto";
import { fromServiceError } from "./errors.ts";
import { Stub } from "./stub.ts";
import { type ClientChannel, insecureChannel } from "./tls.ts";

const healthDeadlineMs = 2000;

/** A querier in another process. */
export class QuerierClient implements QuerierApi {
  readonly address: string;
  readonly #stub: Stub;
  readonly #health: Stub;

  constructor(address: string, channel: ClientChannel = insecureChannel) {
    this.address = address;
    this.#stub = new Stub(address, contracts().querier, channel);
    this.#health = new Stub(address, contracts().health, channel);
  }

  async *scan(
    job: Uint8Array,
    { tenants, signal, deadlineMs }: ScanCall & { readonly deadlineMs?: number },
  ): AsyncGenerator<Uint8Array> {
    signal.throwIfAborted();
    const call = this.#stub.stream<{ part: Uint8Array }>(
      "Scan",
      { job },
      { tenants, ...(deadlineMs !== undefined && { deadlineMs }) },
    );
    const cancel = (): void => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      for await (const { part } of call as AsyncIterable<{ part: Uint8Array }>) yield part;
    } catch (error) {
      throw fromServiceError(error, this.address);
    } finally {
      signal.removeEventListener("abort", cancel);
      call.cancel();
    }
  }

  /** Whether it is there and takes work. */
  async isServing(): Promise<boolean> {
    try {
      const { status } = await this.#health.unary<{ status: string }>("Check", {}, undefined, healthDeadlineMs);
      return status === "SERVING";
    } catch (error) {
      if (error instanceof RatatoskError) return false;
      throw error;
    }
  }

  close(): void {
    this.#stub.close();
    this.#health.close();
  }
}

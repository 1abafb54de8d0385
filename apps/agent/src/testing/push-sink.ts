import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { snappyUncompress } from "@ratatosk/kernels";
import { entriesOf, lineOf } from "../push/push-request.ts";

/** A server that takes pushes as ours does: a batch whose id it knows is answered and not taken again. */
export class PushSink {
  readonly #server: Server;
  readonly #known = new Map<string, string>();
  /** Lines taken, by labels, in order of arrival. */
  readonly streams = new Map<string, string[]>();
  requests = 0;
  /** It takes requests and never answers. */
  isSilent = false;
  /** The status for the n-th request. */
  answer: (request: number, lines: readonly string[]) => number = () => 204;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void this.#take(incoming).then((status) => {
        if (!this.isSilent) outgoing.writeHead(status, { Connection: "close" }).end();
      });
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/loki/api/v1/push`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get lines(): string[] {
    return [...this.streams.values()].flat();
  }

  async #take(incoming: IncomingMessage): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const entries = entriesOf(Buffer.from(snappyUncompress(body, 1 << 28)));
    const status = this.answer(
      ++this.requests,
      entries.map((entry) => lineOf(entry).toString()),
    );
    const id = String(incoming.headers["x-ratatosk-batch"]);
    const known = this.#known.get(id);
    if (known !== undefined && known !== body.toString("base64"))
      throw new Error(`batch ${id} came with another content`);
    if (this.isSilent || status >= 300 || known !== undefined) return status;
    this.#known.set(id, body.toString("base64"));
    for (const entry of entries) {
      const taken = this.streams.get(entry.labels) ?? [];
      this.streams.set(entry.labels, taken);
      taken.push(lineOf(entry).toString());
    }
    return status;
  }
}

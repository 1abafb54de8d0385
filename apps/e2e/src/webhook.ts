import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Keeps what is posted to it. */
export class Webhook {
  readonly received: unknown[] = [];
  readonly #server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      this.received.push(JSON.parse(Buffer.concat(parts).toString()));
      response.end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

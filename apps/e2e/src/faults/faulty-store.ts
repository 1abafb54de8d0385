import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the store behaves: as it should, answering 500 to everything, or taking requests and never answering them. */
export type Mood = "well" | "failing" | "hanging";

/** A proxy before an object store that can make it seem ill. */
export class FaultyStore {
  mood: Mood = "well";
  /** Requests that met an ill store. */
  spoilt = 0;
  readonly #server: Server;
  readonly #target: number;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => this.#answer(incoming, outgoing));
  }

  static async before(port: number): Promise<FaultyStore> {
    const store = new FaultyStore(port);
    await once(store.#server.listen(0, "127.0.0.1"), "listening");
    return store;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Well again: what hung is cut off. */
  recover(): void {
    this.mood = "well";
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (this.mood !== "well") this.spoilt++;
    if (this.mood === "hanging") return;
    if (this.mood === "failing") {
      incoming.resume();
      outgoing.writeHead(500).end("<Error><Code>InternalError</Code></Error>");
      return;
    }
    const { method, url, headers } = incoming;
    const onwards = request({ host: "127.0.0.1", port: this.#target, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on("error", () => outgoing.destroy());
    incoming.pipe(onwards);
  }
}

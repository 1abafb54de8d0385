import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

/** What a gateway before Loki lets through; metrics and settings of its processes are not among it. */
const open =
  /^\/loki\/api\/v1\/(query|query_range|labels|label\/[^/]+\/values|series|tail|push|format_query|index\/(stats|volume|volume_range)|detected_labels|detected_fields|detected_field\/[^/]+\/values|patterns|status\/buildinfo)$/;

/** A plain HTTP server that speaks Loki's API and nothing else, names no origins, and keeps count of what it is asked. */
export class LokiGateway {
  readonly #server: Server;
  /** Paths asked for, the last one at the end. */
  readonly asked: string[] = [];
  /** Questions that whoever asked called off before they were answered. */
  calledOff = 0;
  /** Set to let questions wait for ever. */
  isSilent = false;

  /** `upstream` answers for it. */
  constructor(upstream: string) {
    this.#server = createServer((incoming, outgoing) => {
      this.asked.push(incoming.url!);
      outgoing.once("close", () => (this.calledOff += outgoing.writableEnded ? 0 : 1));
      if (!isOpen(incoming)) return void outgoing.writeHead(404).end("404 page not found\n");
      if (this.isSilent) return;
      const asked = request(upstream + incoming.url, { method: incoming.method!, headers: incoming.headers });
      asked.once("response", (answer) => answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers)));
      asked.once("error", () => outgoing.destroy());
      incoming.pipe(asked);
    });
    this.#server.on("upgrade", (incoming, socket) => {
      this.asked.push(incoming.url!);
      const asked = request(upstream + incoming.url, { headers: incoming.headers }).end();
      asked.once("upgrade", ({ rawHeaders, statusCode }, far) => {
        const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `\r\n${text}: ` : text)).join("");
        socket.write(`HTTP/1.1 ${statusCode} Switching Protocols${lines}\r\n\r\n`);
        socket.on("close", () => far.destroy());
        far.on("close", () => socket.destroy());
        far.pipe(socket).pipe(far);
      });
    });
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const isOpen = ({ url }: IncomingMessage): boolean => open.test(url!.split("?", 1)[0]!);

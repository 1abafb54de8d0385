import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The wire to a port of this machine, which can be slow, cut, or dead without anybody being told. */
export class Link {
  /** What passes waits so long. */
  delayMs = 0;
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #healed: PromiseWithResolvers<void> | undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async to(port: number): Promise<Link> {
    const link = new Link(port);
    await once(link.#server.listen(0, "127.0.0.1"), "listening");
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection; new ones pass. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Until `heal` nothing passes, and connections stay open as those over a pulled cable do. */
  partition(): void {
    this.#healed ??= Promise.withResolvers();
  }

  heal(): void {
    this.#healed?.resolve();
    this.#healed = undefined;
  }

  async close(): Promise<void> {
    this.heal();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  #join(near: Socket): void {
    const far = connect(this.#target, "127.0.0.1");
    void this.#carry(near, far);
    void this.#carry(far, near);
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    this.#sockets.add(from);
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on("error", () => from.destroy());
    try {
      for await (const bytes of from as AsyncIterable<Buffer>) {
        if (this.delayMs > 0) await sleep(this.delayMs);
        await this.#healed?.promise;
        if (!to.write(bytes)) await once(to, "drain");
      }
      to.end();
    } catch {
      to.destroy();
    }
  }
}

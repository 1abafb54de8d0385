import { once } from "node:events";
import { createServer } from "node:net";

/** Below the range the kernel takes the near ends of connections from, so that none of those takes the port meanwhile. */
const lowest = 15_000;
const highest = 32_000;

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const server = createServer();
    const taken = new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(true));
      server.listen(port, "127.0.0.1", () => resolve(false));
    });
    if (await taken) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

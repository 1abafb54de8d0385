// The health check of the image: is the process ready? By plain sockets, which take half the CPU of node:http.
import net from "node:net";

const port = Number(process.env.RATATOSK_HTTP_PORT ?? 3100);
const host = "127.0.0.1";
const isReady = async (socket) =>
  new Promise((resolve) => {
    socket.on("data", (answer) => resolve(answer.toString().startsWith("HTTP/1.1 200 ")));
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
    socket.write("GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  });
const isReadyBehindTls = async () => {
  const tls = await import("node:tls");
  return isReady(tls.connect({ port, host, rejectUnauthorized: false }));
};
setTimeout(() => process.exit(1), 3500);
process.exit((await isReady(net.connect({ port, host }))) || (await isReadyBehindTls()) ? 0 : 1);

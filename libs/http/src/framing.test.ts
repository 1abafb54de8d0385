import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Route } from "./route.ts";
import { HttpServer } from "./server.ts";

let close = async (): Promise<void> => undefined;
afterEach(() => close());

const echo: Route = {
  methods: ["POST"],
  path: "/echo",
  tenant: "none",
  errors: "text",
  bulk: true,
  async handle({ body }) {
    const parts: Buffer[] = [];
    for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
    return { status: 200, body: Buffer.concat(parts) };
  },
};

/** What the server sends, until it closes the connection or has nothing more to say for a moment. */
async function exchange(request: string): Promise<string> {
  const server = new HttpServer({ routes: [echo], authEnabled: false, multiTenantQueries: false });
  const { port } = await server.listen(0, "127.0.0.1");
  close = () => server.close(0);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(300, done).on("error", reject).on("close", done);
    socket.setEncoding("latin1").on("data", (part: string) => (answer += part));
  });
}

const post = (headers: string, body: string): string => `POST /echo HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`;
const chunks = "4\r\nbody\r\n0\r\n\r\n";

test("chunks count where a length is given besides, and the connection ends", async () => {
  const both = post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunks);
  const answer = await exchange(both + both);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer).toMatch(/\r\nConnection: close\r\n/);
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
  expect(answer).toMatch(/\r\n\r\nbody$/);
});

test.for<[string, string]>([
  ["chunks within another encoding", "Transfer-Encoding: gzip, chunked\r\n"],
  ["an encoding that is not chunked", "Transfer-Encoding: identity\r\n"],
  ["a header with a control character", "Transfer-Encoding: chunked\r\nX-A: b\x01c\r\n"],
])("a request with %s is refused", async ([, headers]) => {
  expect(await exchange(post(headers, chunks))).toMatch(/^HTTP\/1.1 400 /);
});

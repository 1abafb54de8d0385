import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HttpServer } from "./server.ts";
import { staticFiles } from "./static-files.ts";

const page = "<!doctype html><title>page</title>";
const script = `export const text = "${"x".repeat(5000)}";`;
let folder: string;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "static-files-"));
  mkdirSync(join(folder, "page/assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "page/index.html"), page);
  writeFileSync(join(folder, "page/assets/app-1a2b.js"), script);
  writeFileSync(join(folder, "page/assets/app-1a2b.js.br"), brotliCompressSync(script));
  writeFileSync(join(folder, "page/assets/app-1a2b.js.gz"), gzipSync(script));
  const common = { missing: "not built", policy: () => "default-src 'self'" };
  server = new HttpServer({
    authEnabled: true,
    multiTenantQueries: false,
    routes: [
      ...staticFiles({ ...common, folder: pathToFileURL(`${folder}/page/`), path: "/ui" }),
      ...staticFiles({ ...common, folder: pathToFileURL(`${folder}/nothing/`), path: "/other" }),
    ],
  });
  url = `http://127.0.0.1:${(await server.listen(0, "127.0.0.1")).port}`;
});
afterAll(async () => {
  await server.close(0);
  rmSync(folder, { recursive: true });
});

test("the page is served without a tenant, revalidated by its tag, under the policy", async () => {
  const answer = await fetch(`${url}/ui/`);
  expect(await answer.text()).toBe(page);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
  });
  const again = await raw("/ui/", { "if-none-match": answer.headers.get("etag")! });
  expect(again).toMatchObject({ status: 304, length: 0 });
});

test.each([
  ["br, gzip", "br", brotliCompressSync(script).length],
  ["gzip, deflate", "gzip", gzipSync(script).length],
  ["", undefined, script.length],
])("a hashed file is kept for ever and sent as it was compressed: %j", async (accept, encoding, length) => {
  const answer = await raw("/ui/assets/app-1a2b.js", { "accept-encoding": accept });
  expect(answer).toMatchObject({ status: 200, encoding, length });
  expect(answer.cache).toBe("public, max-age=31536000, immutable");
});

test.each(["/ui/assets/..%2f..%2fsecret.txt", "/ui/../secret.txt", "/ui/assets/%2e%2e", "/ui/assets/none.js"])(
  "nothing else is found: %s",
  async (path) => {
    expect((await raw(path, {})).status).not.toBe(200);
  },
);

test("the path without its slash leads to the page, and a page that is not built says so", async () => {
  const answer = await fetch(`${url}/ui`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "ui/"]);
  const missing = await fetch(`${url}/other/`);
  expect([missing.status, await missing.text()]).toEqual([404, "not built\n"]);
});

/** Asks without a client that decodes or cleans anything. */
function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; length: number; encoding: unknown; cache: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/`, { path, headers }, (answer) => {
      let length = 0;
      answer.on("data", (part: Buffer) => (length += part.length));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode!,
          length,
          encoding: answer.headers["content-encoding"],
          cache: answer.headers["cache-control"],
        }),
      );
    });
    sent.on("error", reject).end();
  });
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HttpRequest, HttpResponse, Route } from "./route.ts";

export interface StaticFilesOptions {
  /** Where the files lie; a file `x.js` may have `x.js.br` and `x.js.gz` beside it. */
  readonly folder: URL;
  /** The path they are served under, without a slash at its end: `/ui`. */
  readonly path: string;
  /** Said instead of the page when the folder has no `index.html`. */
  readonly missing: string;
  /** The Content-Security-Policy of an answer; the page's own parameters may open it to another server. */
  readonly policy: (query: URLSearchParams) => string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};
const encodings = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
];

/**
 * Routes for a built page: `path/` is its index.html, `path/assets/NAME` a file whose name holds its hash and which
 * never changes. Only names that were in the folder at the first request are looked up, so no path leads out of it.
 */
export function staticFiles(options: StaticFilesOptions): Route[] {
  const files = new Files(options.folder);
  const { path, missing, policy } = options;
  const safe = (query: URLSearchParams): Record<string, string> => ({
    "Content-Security-Policy": policy(query),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
  return [
    get(path, () => ({ status: 302, headers: { Location: `${path.slice(path.lastIndexOf("/") + 1)}/` } })),
    get(`${path}/`, async ({ query, headers }) => {
      const page = await files.answer("index.html", headers, { ...safe(query), "Cache-Control": "no-cache" });
      return page ?? notFound(missing);
    }),
    get(`${path}/assets/:name`, async ({ variables, query, headers }) => {
      const forever = { ...safe(query), "Cache-Control": "public, max-age=31536000, immutable" };
      return (await files.answer(`assets/${variables["name"]}`, headers, forever)) ?? notFound("404 page not found");
    }),
  ];
}

const get = (path: string, handle: Route["handle"]): Route => ({
  methods: ["GET"],
  path,
  tenant: "none",
  errors: "text-line",
  handle,
});

const notFound = (text: string): HttpResponse => ({
  status: 404,
  headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
  body: `${text}\n`,
});

/** The files of a folder, kept in memory once asked for. */
class Files {
  readonly #folder: string;
  readonly #contents = new Map<string, Promise<Buffer>>();
  #names: ReadonlySet<string> | undefined;

  constructor(folder: URL) {
    this.#folder = fileURLToPath(folder);
  }

  async answer(
    name: string,
    request: HttpRequest["headers"],
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse | undefined> {
    if (!this.#known().has(name)) return undefined;
    const encoding = encodings.find(
      ({ name: coding, suffix }) => accepts(request, coding) && this.#known().has(name + suffix),
    );
    const body = await this.#content(name + (encoding?.suffix ?? ""));
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
    const all = { ...headers, ETag: etag, Vary: "Accept-Encoding" };
    if (request["if-none-match"] === etag) return { status: 304, headers: all };
    const type = types[extname(name)] ?? "application/octet-stream";
    return {
      status: 200,
      headers: { ...all, "Content-Type": type, ...(encoding && { "Content-Encoding": encoding.name }) },
      body,
    };
  }

  #known(): ReadonlySet<string> {
    if (this.#names !== undefined) return this.#names;
    const there = existsSync(join(this.#folder, "index.html"));
    const names = new Set(there ? readdirSync(this.#folder, { recursive: true, encoding: "utf8" }) : []);
    if (there) this.#names = names;
    return names;
  }

  #content(name: string): Promise<Buffer> {
    const kept = this.#contents.get(name) ?? readFile(join(this.#folder, name));
    this.#contents.set(name, kept);
    return kept;
  }
}

const accepts = (headers: HttpRequest["headers"], coding: string): boolean =>
  (headers["accept-encoding"] ?? "").split(",").some((part) => part.trim().split(";")[0] === coding);

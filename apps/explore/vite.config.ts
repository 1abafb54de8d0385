import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const folder = new URL("dist/page/", import.meta.url).pathname;

/** Writes `x.js.br` and `x.js.gz` beside `x.js`, so that the server never compresses. */
const compressed: Plugin = {
  name: "compressed",
  closeBundle() {
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|html|svg)$/.test(name)) continue;
      const bytes = readFileSync(join(folder, name));
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, brotli));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
  },
};

export default defineConfig({
  base: "./",
  build: { outDir: "dist/page", emptyOutDir: true, target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [compressed],
  server: { proxy: { "/loki": { target: "http://127.0.0.1:3100", ws: true } } },
});

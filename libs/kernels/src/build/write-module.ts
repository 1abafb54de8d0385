import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "./compile.ts";

const lines = (await compile()).toString("base64").match(/.{1,100}/g) ?? [];
const source = `/** The compiled \`assembly/\`, in base64; written by \`npm run build\`. */
export const wasmBase64 =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
await writeFile(join(import.meta.dirname, "../wasm-module.ts"), source);

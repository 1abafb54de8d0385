import { expect, test } from "vitest";
import { wasmBase64 } from "../wasm-module.ts";
import { compile } from "./compile.ts";

test("the source gives exactly the committed module", { timeout: 120_000 }, async () => {
  expect((await compile()).toString("base64")).toBe(wasmBase64);
});

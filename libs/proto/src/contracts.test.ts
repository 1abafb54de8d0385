import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../../proto/ratatosk/v1/", import.meta.url));

test.each(readdirSync(folder))("%s has no map: what reflection tells of one is refused by grpcurl", (file) => {
  expect(readFileSync(`${folder}${file}`, "utf8")).not.toContain("map<");
});

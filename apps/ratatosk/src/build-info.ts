import { readFileSync } from "node:fs";
import type { BuildInfo } from "@ratatosk/observability";

interface Manifest {
  readonly version: string;
}

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as Manifest;

/** The version of package.json; revision and branch are set where an image is built. */
export const buildInfo: BuildInfo = {
  version: manifest.version,
  revision: process.env["RATATOSK_REVISION"] ?? "unknown",
  branch: process.env["RATATOSK_BRANCH"] ?? "unknown",
};

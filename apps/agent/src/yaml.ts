import { createRequire } from "node:module";
import type * as Yaml from "yaml";

const require = createRequire(import.meta.url);

/** The YAML library, loaded where it is needed: an agent whose configuration is Alloy's seldom does. */
export const yaml = (): typeof Yaml => require("yaml") as typeof Yaml;

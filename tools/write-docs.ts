import { writeFileSync } from "node:fs";
import { settingsPage } from "../apps/ratatosk/src/settings-page.ts";

writeFileSync(new URL("../docs/reference/settings.md", import.meta.url), settingsPage());

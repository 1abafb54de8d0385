import { httpApiPage } from "./http-api-page.ts";
import { logqlPage } from "./logql-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { settingsPage } from "./settings-page.ts";

/** The pages of `docs/reference`, which are made from the code, and what makes them. */
export const referencePages: Readonly<Record<string, () => string>> = {
  "settings.md": settingsPage,
  "metrics.md": metricsPage,
  "http-api.md": httpApiPage,
  "logql.md": logqlPage,
};

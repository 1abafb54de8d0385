import { formatLabels, labelsFrom } from "@ratatosk/model";
import { ask, type ClientOptions, rangeOf } from "./api.ts";
import { printAll } from "./print.ts";

/** `ratatosk labels [NAME]`: names, or the values of one, a line each. */
export async function runLabels(name: string | undefined, options: ClientOptions): Promise<number> {
  const path = name === undefined ? "labels" : `label/${encodeURIComponent(name)}/values`;
  const found = (await ask(options, `/loki/api/v1/${path}`, rangeOf(options))) as string[] | undefined;
  await printAll(found ?? []);
  return 0;
}

/** `ratatosk series SELECTOR`: the streams, a line each. */
export async function runSeries(selector: string, options: ClientOptions): Promise<number> {
  const parameters = { "match[]": selector, ...rangeOf(options) };
  const found = (await ask(options, "/loki/api/v1/series", parameters)) as Record<string, string>[];
  await printAll(found.map((labels) => formatLabels(labelsFrom(Object.entries(labels)))).sort());
  return 0;
}

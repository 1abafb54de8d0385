import { batch, effect, signal, untracked } from "@preact/signals";
import { ApiError, unasked } from "../api/api-error.ts";
import { partsOf } from "../logql/parts.ts";
import { Live } from "./live.ts";
import { remember } from "./query-history.ts";
import { Search } from "./search.ts";
import { searchOf } from "./url.ts";
import { api, asked, go, page, rangeNow } from "./store.ts";

/** The text in the editor, asked or not yet. */
export const draft = signal(page.value.query);
export const search = new Search();
export const live = new Live(search);

/** Asks what stands in the editor, or `query`. */
export function run(query = draft.value): void {
  batch(() => {
    draft.value = query;
    go({ query, view: "logs", at: "" });
    asked.value++;
  });
}

/** Begins with the newest lines of everything when the address asks for nothing. */
export async function start(): Promise<void> {
  if ((new URLSearchParams(location.search).get("server") ?? "") !== page.value.server)
    return location.replace(location.pathname + searchOf(page.value));
  if (page.value.query.trim() === "") {
    const query = await firstQuery();
    if (page.value.query.trim() === "" && draft.value.trim() === "") go({ query }, true);
  }
  effect(askAgain);
}

async function firstQuery(): Promise<string> {
  const range = rangeNow();
  const names = range === undefined ? [] : await api.value.labels(range).catch(() => []);
  const name = ["service_name", "job", "app"].find((label) => names.includes(label)) ?? names[0] ?? "service_name";
  return `{${name}=~".+"}`;
}

function askAgain(): void {
  const { query, limit, instant, view } = page.value;
  const { from, to } = page.value.range;
  const key = [query, from, to, limit, instant, page.value.tenant, asked.value].join("\n");
  const server = api.value;
  untracked(() => {
    if (view !== "logs" || key === lastKey) return;
    lastKey = key;
    if (query !== lastQuery) draft.value = query;
    lastQuery = query;
    live.stop();
    const range = rangeNow();
    if (range === undefined) {
      search.cancel();
      search.error.value = new ApiError(
        unasked,
        `The time range "${from}" to "${to}" cannot be read, or ends before it begins.`,
      );
    } else if (query.trim() === "") {
      search.cancel();
      search.error.value = new ApiError(
        unasked,
        'There is no query: pick a label, or write one such as {app="nginx"}.',
      );
    } else {
      remember(query);
      const { at } = page.value;
      void search.ask(server, { query, range, limit, instant, at: at === "" ? undefined : BigInt(at) });
    }
  });
}
let lastKey = "";
/** What is being written stays when only the range changes. */
let lastQuery = page.value.query;

export const isMetric = (): boolean => partsOf(page.value.query).kind === "metric";

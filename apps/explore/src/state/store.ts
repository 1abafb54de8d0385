import { computed, effect, signal } from "@preact/signals";
import { Api } from "../api/api.ts";
import { type Range, resolveRange } from "../time/range.ts";
import { type PageState, searchOf, stateOf } from "./url.ts";

/** What the page shows. Changed by `go`, held by the address. */
export const page = signal<PageState>(stateOf(location.search));

/** The server that served the page: its address up to `/ui/`. */
const ownServer = location.origin + location.pathname.replace(/\/ui\/.*$/, "");

export const server = computed(() => page.value.server || ownServer);
export const api = computed(() => new Api(server.value, page.value.tenant));

/** Counts up when the same question is asked again. */
export const asked = signal(0);

/** Changes what is shown; `replace` leaves the way back as it is. */
export function go(change: Partial<PageState>, replace = false): void {
  const next = { ...page.value, ...change };
  const search = searchOf(next);
  if (search !== searchOf(page.value)) {
    const url = `${location.pathname}${search}`;
    if (replace) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    if (next.server !== page.value.server) location.assign(url);
  }
  page.value = next;
}

addEventListener("popstate", () => (page.value = stateOf(location.search)));

/** The range as it is at this moment; undefined where its text cannot be read. */
export const rangeNow = (): Range | undefined => resolveRange(page.value.range, Date.now(), page.value.zone);

export type Theme = "auto" | "light" | "dark";

export const theme = signal<Theme>((localStorage.getItem("theme") as Theme | null) ?? "auto");
effect(() => {
  if (theme.value === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
  localStorage.setItem("theme", theme.value);
});

/** A word to whoever looks, said and shown for a moment. */
export const notice = signal("");
let noticeTimer = 0;
export function tell(text: string): void {
  notice.value = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.value = ""), 3000);
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(`${what} copied`);
  } catch {
    tell("The browser does not let this page copy");
  }
}

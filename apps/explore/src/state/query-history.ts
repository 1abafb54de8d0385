import { signal } from "@preact/signals";

const key = "history";
const most = 50;

function stored(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
  } catch {
    return [];
  }
}

/** Queries asked before in this browser, the last one first. */
export const queryHistory = signal<readonly string[]>(stored());

export function remember(query: string): void {
  queryHistory.value = [query, ...queryHistory.value.filter((other) => other !== query)].slice(0, most);
  localStorage.setItem(key, JSON.stringify(queryHistory.value));
}

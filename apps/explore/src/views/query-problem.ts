import { effect, signal } from "@preact/signals";
import { ApiError } from "../api/api-error.ts";
import { errorOffset } from "../logql/derived.ts";
import { draft } from "../state/session.ts";
import { api } from "../state/store.ts";

/** What the server has against the query in the editor, and where. */
export const problem = signal<{ readonly text: string; readonly offset: number | undefined } | undefined>(undefined);

const waitMs = 500;

/** Lets the server read the query whenever the writer pauses. */
effect(() => {
  const query = draft.value;
  const server = api.value;
  problem.value = undefined;
  if (query.trim() === "") return;
  const aborter = new AbortController();
  const timer = setTimeout(() => void check(), waitMs);
  return () => {
    clearTimeout(timer);
    aborter.abort();
  };

  async function check(): Promise<void> {
    try {
      await server.format(query, aborter.signal);
    } catch (thrown) {
      const error = ApiError.from(thrown);
      if (error.status === 400) problem.value = { text: error.text, offset: errorOffset(error.text, query) };
    }
  }
});

import { batch, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { StreamResult } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { type Entry, entriesOf } from "../lines/entry.ts";
import type { Search } from "./search.ts";

/** Lines kept while following; older ones leave. */
const keptLines = 5000;
const flushMs = 200;

interface Frame {
  readonly streams?: readonly StreamResult[];
  readonly dropped_entries?: readonly unknown[];
}

/** Follows a query by websocket and puts what comes on top of the lines of a search. */
export class Live {
  readonly isOn = signal(false);
  readonly isPaused = signal(false);
  /** Lines that were left out: by the server because this browser was slow, or here because too many came while paused. */
  readonly dropped = signal(0);
  readonly perSecond = signal(0);
  /** Lines that came while paused. */
  readonly waiting = signal(0);
  readonly #search: Search;
  #socket: WebSocket | undefined;
  #arrived: Entry[] = [];
  #counted = 0;
  #timer = 0;
  #rateTimer = 0;

  constructor(search: Search) {
    this.#search = search;
  }

  start(api: Api, query: string): void {
    this.stop();
    this.#search.cancel();
    batch(() => {
      this.isOn.value = true;
      this.isPaused.value = false;
      this.dropped.value = 0;
      this.waiting.value = 0;
      this.#search.error.value = undefined;
      this.#search.metric.value = undefined;
      this.#search.entries.value = [];
      this.#search.isEnd.value = true;
    });
    const socket = new WebSocket(api.tailUrl(query, 100));
    this.#socket = socket;
    let isOpen = false;
    socket.addEventListener("open", () => (isOpen = true));
    socket.addEventListener("message", ({ data }) => this.#receive(String(data)));
    socket.addEventListener("close", (event) => {
      if (socket !== this.#socket) return;
      this.#closed(event.code, event.reason);
      if (!isOpen) void this.#tellRefusal(api, query);
    });
    this.#timer = setInterval(() => this.#flush(), flushMs);
    this.#rateTimer = setInterval(() => {
      this.perSecond.value = this.#counted;
      this.#counted = 0;
    }, 1000);
  }

  stop(): void {
    if (!this.isOn.value) return;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#end();
  }

  pause(paused: boolean): void {
    this.isPaused.value = paused;
    if (!paused) this.#flush();
  }

  #receive(data: string): void {
    const frame = JSON.parse(data) as Frame;
    const entries = entriesOf(frame.streams ?? []);
    this.#arrived.unshift(...entries);
    this.#counted += entries.length;
    const tooMany = Math.max(0, this.#arrived.length - keptLines);
    this.#arrived.length -= tooMany;
    this.dropped.value += tooMany + (frame.dropped_entries?.length ?? 0);
    if (this.isPaused.value) this.waiting.value = this.#arrived.length;
  }

  #flush(): void {
    if (this.isPaused.value || this.#arrived.length === 0) return;
    const entries = [...this.#arrived, ...this.#search.entries.value];
    entries.length = Math.min(entries.length, keptLines);
    this.#arrived = [];
    batch(() => {
      this.waiting.value = 0;
      this.#search.entries.value = entries;
      this.#search.version.value++;
    });
  }

  #closed(code: number, reason: string): void {
    this.#flush();
    this.#end();
    const text =
      reason !== "" ? reason : code === 1006 ? "The connection broke off." : `The server ended it (${code}).`;
    this.#search.error.value = new ApiError(code === 1006 ? 0 : 400, `Following ended: ${text}`);
  }

  /** A browser does not say why a websocket was refused; the server says it of the query, asked otherwise. */
  async #tellRefusal(api: Api, query: string): Promise<void> {
    const told = this.#search.error.value;
    const end = BigInt(Date.now()) * 1_000_000n;
    const lastMinute = { start: end - 60_000_000_000n, end };
    const failure = await api.queryRange(query, lastMinute, { limit: 1 }).then(
      () => undefined,
      (thrown) => ApiError.from(thrown),
    );
    if (failure === undefined || failure.status <= 0 || this.#search.error.value !== told) return;
    this.#search.error.value = new ApiError(failure.status, `Following ended: ${failure.text}`);
  }

  #end(): void {
    clearInterval(this.#timer);
    clearInterval(this.#rateTimer);
    this.#arrived = [];
    this.isOn.value = false;
  }
}

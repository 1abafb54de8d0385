import type { Range } from "../time/range.ts";
import { ApiError } from "./api-error.ts";
import { noAnswer } from "./no-answer.ts";
import type { Field, IndexStats, Labels, PatternSeries, QueryResult } from "./answers.ts";

export type Params = Readonly<Record<string, string | number | undefined>>;

/** Loki's HTTP API at one address, for one tenant. Every call fails with an `ApiError`. */
export class Api {
  readonly #base: string;
  readonly #tenant: string;

  /** `base` has no slash at its end. */
  constructor(base: string, tenant: string) {
    this.#base = base;
    this.#tenant = tenant;
  }

  url(path: string, params: Params = {}): string {
    const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== "");
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return `${this.#base}${path}${search.size > 0 ? `?${search}` : ""}`;
  }

  async text(
    path: string,
    params: Params = {},
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const tenant = this.#tenant === "" ? {} : { "X-Scope-OrgID": this.#tenant };
    try {
      const answer = await fetch(this.url(path, params), {
        headers: { ...headers, ...tenant },
        signal: signal ?? null,
      });
      const body = await answer.text();
      if (!answer.ok) throw new ApiError(answer.status, body.trim() || answer.statusText);
      return body;
    } catch (error) {
      throw await noAnswer(this.#base, error, signal);
    }
  }

  async json<T>(
    path: string,
    params: Params = {},
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const body = await this.text(path, params, signal, headers);
    try {
      return JSON.parse(body) as T;
    } catch {
      throw new ApiError(500, `the answer of ${path} is no JSON: ${body.slice(0, 100)}`);
    }
  }

  async queryRange(query: string, range: Range, more: Params, signal?: AbortSignal): Promise<QueryResult> {
    const params = { query, ...bounds(range), ...more };
    const headers = { "X-Loki-Response-Encoding-Flags": "categorize-labels" };
    return (await this.json<{ data: QueryResult }>("/loki/api/v1/query_range", params, signal, headers)).data;
  }

  async query(query: string, time: bigint, signal?: AbortSignal): Promise<QueryResult> {
    return (await this.json<{ data: QueryResult }>("/loki/api/v1/query", { query, time: String(time) }, signal)).data;
  }

  async labels(range: Range, query?: string, signal?: AbortSignal): Promise<string[]> {
    const answer = await this.json<{ data?: string[] }>("/loki/api/v1/labels", { ...bounds(range), query }, signal);
    return (answer.data ?? []).filter((name) => !name.startsWith("__"));
  }

  async labelValues(name: string, range: Range, query?: string, signal?: AbortSignal): Promise<string[]> {
    const path = `/loki/api/v1/label/${encodeURIComponent(name)}/values`;
    return (await this.json<{ data?: string[] }>(path, { ...bounds(range), query }, signal)).data ?? [];
  }

  series(selector: string, range: Range, signal?: AbortSignal): Promise<Labels[]> {
    const params = { "match[]": selector, ...bounds(range) };
    return this.json<{ data?: Labels[] }>("/loki/api/v1/series", params, signal).then(({ data }) => data ?? []);
  }

  indexStats(query: string, range: Range, signal?: AbortSignal): Promise<IndexStats> {
    return this.json("/loki/api/v1/index/stats", { query, ...bounds(range) }, signal);
  }

  async volume(query: string, range: Range, params: Params, signal?: AbortSignal): Promise<QueryResult> {
    const path = `/loki/api/v1/index/${params["step"] === undefined ? "volume" : "volume_range"}`;
    return (await this.json<{ data: QueryResult }>(path, { query, ...bounds(range), ...params }, signal)).data;
  }

  async fields(query: string, range: Range, signal?: AbortSignal): Promise<Field[]> {
    const params = { query, ...bounds(range), line_limit: 1000 };
    return (await this.json<{ fields?: Field[] }>("/loki/api/v1/detected_fields", params, signal)).fields ?? [];
  }

  async fieldValues(name: string, query: string, range: Range, signal?: AbortSignal): Promise<string[]> {
    const path = `/loki/api/v1/detected_field/${encodeURIComponent(name)}/values`;
    const params = { query, ...bounds(range), line_limit: 1000, limit: 100 };
    return (await this.json<{ values?: string[] }>(path, params, signal)).values ?? [];
  }

  async patterns(query: string, range: Range, step: number, signal?: AbortSignal): Promise<PatternSeries[]> {
    const params = { query, ...bounds(range), step };
    return (await this.json<{ data?: PatternSeries[] }>("/loki/api/v1/patterns", params, signal)).data ?? [];
  }

  async format(query: string, signal?: AbortSignal): Promise<string> {
    return (await this.json<{ data: string }>("/loki/api/v1/format_query", { query }, signal)).data;
  }

  /** The address of a live tail. Browsers let no page name a tenant in the head of a websocket, so the address does. */
  tailUrl(query: string, limit: number): string {
    const url = new URL(this.url("/loki/api/v1/tail", { query, limit, tenant: this.#tenant }), location.href);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }
}

const bounds = ({ start, end }: Range): Params => ({ start: String(start), end: String(end) });

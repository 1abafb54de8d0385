import { expect, test } from "vitest";
import { initialState, type PageState, searchOf, stateOf } from "./url.ts";

test("the first page has an empty address", () => {
  expect(searchOf(initialState)).toBe("");
  expect(stateOf("")).toEqual(initialState);
});

test("all of a state is in its address", () => {
  const state: PageState = {
    view: "services",
    query: '{app="a&b"} |= "ü"',
    range: { from: "now-3h", to: "1768471205000000001" },
    limit: 5000,
    zone: "utc",
    wrap: true,
    pretty: true,
    instant: true,
    chart: "stacked",
    panel: "fields",
    mark: "needle",
    by: "app",
    at: "1768471205000000001",
    server: "https://loki.example",
    tenant: "team-a",
  };
  expect(stateOf(searchOf(state))).toEqual(state);
});

test("nonsense in an address is as at first", () => {
  expect(stateOf("?view=x&limit=7&chart=pie&at=now&panel=y")).toEqual(initialState);
});

test.each([
  ["http://loki:3100/", "http://loki:3100"],
  ["https://logs.example/base//", "https://logs.example/base"],
  [" loki:3100 ", "http://loki:3100"],
  ["loki", "http://loki"],
  ["", ""],
  ["javascript:alert(1)", ""],
])("the server %j is asked at %j", (text, server) => {
  expect(stateOf(`?server=${encodeURIComponent(text)}`).server).toBe(server);
});

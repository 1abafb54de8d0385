import { createLogger } from "@ratatosk/observability";
import { expect, test } from "vitest";
import type { Service } from "./service.ts";
import { Services } from "./services.ts";

const log = createLogger("silent");

function recorded(events: string[], name: string, failing: "start" | "stop" | "never" = "never"): Service {
  const record = async (what: "start" | "stop"): Promise<void> => {
    events.push(`${what} ${name}`);
    if (failing === what) throw new Error(`${name} cannot ${what}`);
  };
  return { name, start: () => record("start"), stop: () => record("stop") };
}

test("services start in order and stop the other way round", async () => {
  const events: string[] = [];
  const services = new Services([recorded(events, "a"), recorded(events, "b")], log);
  expect(services.notReady()).toBe("Some services are not Running:\nNew: 2\n");
  await services.start();
  expect(services.notReady()).toBeUndefined();
  await Promise.all([services.stop(), services.stop()]);
  expect(events).toEqual(["start a", "start b", "stop b", "stop a"]);
  expect(services.notReady()).toBe("Application is stopping");
  expect(services.states()).toEqual([
    { name: "a", state: "Terminated" },
    { name: "b", state: "Terminated" },
  ]);
});

test("when one cannot start those before it are stopped and its error is thrown", async () => {
  const events: string[] = [];
  const services = new Services([recorded(events, "a"), recorded(events, "b", "start"), recorded(events, "c")], log);
  await expect(services.start()).rejects.toThrow("b cannot start");
  expect(events).toEqual(["start a", "start b", "stop a"]);
  expect(services.states().map(({ state }) => state)).toEqual(["Terminated", "Failed", "New"]);
});

test("one that cannot stop keeps nobody else from stopping", async () => {
  const events: string[] = [];
  const services = new Services([recorded(events, "a"), recorded(events, "b", "stop")], log);
  await services.start();
  await expect(services.stop()).rejects.toThrow("b cannot stop");
  expect(events.at(-1)).toBe("stop a");
});

test("a service says why the process is not ready", async () => {
  const ingester = { ...recorded([], "ingester"), notReady: () => "Ingester not ready: replaying" };
  const services = new Services([ingester], log);
  await services.start();
  expect(services.notReady()).toBe("Ingester not ready: replaying");
});

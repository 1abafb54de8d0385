import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { type ProfileKind, Profiler } from "../profiler.ts";

interface Page {
  readonly kind: ProfileKind;
  readonly seconds: number;
  readonly extension: "cpuprofile" | "heapprofile";
  readonly text: string;
}

const cpu: Page = { kind: "cpu", seconds: 30, extension: "cpuprofile", text: "where the main thread's time goes" };
const pages: Readonly<Record<string, Page>> = {
  profile: cpu,
  heap: { kind: "heap", seconds: 10, extension: "heapprofile", text: "who made what is still in memory" },
  allocs: { kind: "allocations", seconds: 10, extension: "heapprofile", text: "who makes anything, kept or not" },
};
const mostSeconds = 300;
const text = { "Content-Type": "text/plain; charset=utf-8" };

/** `/debug/pprof`: profiles, where Loki has Go's; for those who may operate, and only where `isOn`. */
export function profilingRoutes(isOn: boolean): Route[] {
  const profiler = new Profiler();
  const route = (path: string, answer: Route["handle"]): Route => ({
    methods: ["GET"],
    path,
    tenant: "none",
    right: "operate",
    errors: "text-line",
    handle(request) {
      if (!isOn) throw new RatatoskError("not_found", "profiling is off: server.profiling_enabled");
      return answer(request);
    },
  });
  return [
    route("/debug/pprof", () => contents),
    route("/debug/pprof/", () => contents),
    route("/debug/pprof/:profile", (request) => {
      const page = pages[request.variables["profile"] ?? ""];
      if (page === undefined) throw new RatatoskError("not_found", "Unknown profile");
      return taken(page, request, profiler);
    }),
    route("/debug/fgprof", (request) => taken(cpu, request, profiler)),
  ];
}

const list = [
  "Profiles of this process, as V8 takes them: JSON that Chrome's developer tools and speedscope open.",
  `\`seconds\`, up to ${mostSeconds}, says how long. Threads that scan and compress are not in them.`,
  "",
  ...Object.entries(pages).map(([name, page]) => `/debug/pprof/${name}?seconds=${page.seconds}  ${page.text}`),
  "",
].join("\n");

const contents: HttpResponse = { status: 200, headers: text, body: list };

async function taken(page: Page, { query, signal }: HttpRequest, profiler: Profiler): Promise<HttpResponse> {
  const body = await profiler.profile(page.kind, secondsOf(query, page.seconds) * 1000, signal);
  const name = `ratatosk-${new Date().toISOString().replaceAll(/[^\dTZ]/g, "")}.${page.extension}`;
  const headers = { "Content-Type": "application/json", "Content-Disposition": `attachment; filename="${name}"` };
  return { status: 200, headers, body };
}

function secondsOf(query: URLSearchParams, usual: number): number {
  const given = query.get("seconds") ?? "";
  if (given === "") return usual;
  const seconds = Number(given);
  if (!(seconds > 0 && seconds <= mostSeconds))
    throw new RatatoskError("bad_request", `invalid seconds: expected a number from 0 to ${mostSeconds}`);
  return seconds;
}

import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";

/** One instance of a ring. */
export interface RingMember {
  readonly id: string;
  /** For people; the id unless given. */
  readonly name?: string;
  /** Where it is; the id unless given. */
  readonly address?: string;
  readonly state: "PENDING" | "JOINING" | "ACTIVE" | "LEAVING" | "LEFT" | "UNHEALTHY";
}

export interface RingPage {
  readonly members: () => readonly RingMember[];
  /** Waits no longer for a member that has gone. */
  readonly forget?: (id: string) => void;
  /** What the page says below its members. */
  readonly note?: string;
}

const whoIsMember = "Members are those that the configuration and DNS name, and those that have gone without a word.";

const zeroTime = "0001-01-01T00:00:00Z";
const started = new Date().toISOString();

/**
 * A page about who belongs to a ring: for people, and as JSON for programs. Members come and go as configuration and DNS
 * say, so there are no tokens; one that has gone without a word can be forgotten.
 */
export function ringRoutes(path: string, { members, forget, note = whoIsMember }: RingPage): Route[] {
  const shared = { path, tenant: "none", errors: "text-line" } as const;
  const shown: Route = {
    ...shared,
    methods: ["GET"],
    handle: (request) => show(request, members(), { forgets: forget !== undefined, note }),
  };
  if (forget === undefined) return [shown];
  const forgotten: Route = {
    ...shared,
    methods: ["POST"],
    form: true,
    right: "operate",
    handle({ query }) {
      forget(query.get("forget") ?? "");
      return { status: 302, headers: { Location: "#" } };
    },
  };
  return [shown, forgotten];
}

interface Look {
  readonly forgets: boolean;
  readonly note: string;
}

function show({ headers }: HttpRequest, members: readonly RingMember[], look: Look): HttpResponse {
  const now = new Date().toISOString();
  if ((headers.accept ?? "").includes("application/json")) return json(members, now);
  return { status: 200, headers: { "Content-Type": "text/html" }, body: page(members, now, look) };
}

function json(members: readonly RingMember[], now: string): HttpResponse {
  const shards = members.map(({ id, address = id, state }) => ({
    id,
    state,
    address,
    timestamp: now,
    registered_timestamp: started,
    read_only: false,
    read_only_updated_timestamp: zeroTime,
    zone: "",
    tokens: [],
  }));
  return { status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ shards, now }) };
}

function page(members: readonly RingMember[], now: string, { forgets, note }: Look): string {
  const rows = members.map((member) => row(member, forgets));
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Ring status</title></head><body>
<h1>Ring status</h1>
<p>Current time: ${now}</p>
<form method="POST"><table border="1"><thead><tr><th>Instance</th><th>Address</th><th>State</th><th></th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></form>
<p>${note}</p>
</body></html>
`;
}

function row({ id, name = id, address = id, state }: RingMember, forgets: boolean): string {
  const button = `<button name="forget" value="${escape(id)}" type="submit">Forget</button>`;
  const cells = [escape(name), escape(address), state, forgets && state === "UNHEALTHY" ? button : ""];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

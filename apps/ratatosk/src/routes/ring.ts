import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";

/** One instance of a ring. */
export interface RingMember {
  /** Its name or address. */
  readonly id: string;
  readonly state: "ACTIVE" | "UNHEALTHY";
}

const zeroTime = "0001-01-01T00:00:00Z";
const started = new Date().toISOString();

/**
 * A page about who belongs to a ring: for people, and as JSON for programs. Members come and go as configuration and DNS
 * say, so there is nobody to forget and there are no tokens.
 */
export function ringRoute(path: string, members: () => readonly RingMember[]): Route {
  return { methods: ["GET"], path, tenant: "none", errors: "text-line", handle };

  function handle({ headers }: HttpRequest): HttpResponse {
    const now = new Date().toISOString();
    if ((headers.accept ?? "").includes("application/json")) return json(members(), now);
    return { status: 200, headers: { "Content-Type": "text/html" }, body: page(members(), now) };
  }
}

function json(members: readonly RingMember[], now: string): HttpResponse {
  const shards = members.map(({ id, state }) => ({
    id,
    state,
    address: id,
    timestamp: now,
    registered_timestamp: started,
    read_only: false,
    read_only_updated_timestamp: zeroTime,
    zone: "",
    tokens: [],
  }));
  return { status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ shards, now }) };
}

function page(members: readonly RingMember[], now: string): string {
  const rows = members.map(({ id, state }) => `<tr><td>${escape(id)}</td><td>${state}</td></tr>`);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Ring status</title></head><body>
<h1>Ring status</h1>
<p>Current time: ${now}</p>
<table border="1"><thead><tr><th>Instance</th><th>State</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table>
<p>Members are those that the configuration and DNS name and that answer.</p>
</body></html>
`;
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

import type { Labels } from "@ratatosk/model";
import type { Alert } from "../alert/alert.ts";
import type { RulerEvents } from "../ruler-events.ts";

export interface NotifierOptions {
  /** Base URLs; a user and password in them are sent as basic authentication. */
  readonly urls: readonly string[];
  readonly timeoutMs: number;
  readonly events: RulerEvents;
}

/** An alert with the link to its query and the time at which it ends if nothing more is heard of it. */
export interface Notice {
  readonly alert: Alert;
  readonly generatorUrl: string;
  readonly endsAtMs: number;
}

const alertsPerRequest = 64;

/** Sends alerts to all Alertmanagers by their API v2. */
export class Notifier {
  readonly #options: NotifierOptions;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** True once an Alertmanager has taken all notices, or when there is none to tell. */
  async send(notices: readonly Notice[], signal: AbortSignal): Promise<boolean> {
    const { urls } = this.#options;
    if (notices.length === 0 || urls.length === 0) return true;
    const taken = await Promise.all(urls.map((url) => this.#sendTo(url, notices, signal)));
    return taken.includes(true);
  }

  async #sendTo(url: string, notices: readonly Notice[], signal: AbortSignal): Promise<boolean> {
    const { events, timeoutMs } = this.#options;
    const { target, shown, headers } = addressOf(url);
    try {
      for (let at = 0; at < notices.length; at += alertsPerRequest) {
        const part = notices.slice(at, at + alertsPerRequest);
        const response = await fetch(target, {
          method: "POST",
          headers,
          body: JSON.stringify(part.map(body)),
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        if (!response.ok) throw new Error(`${response.status} ${(await response.text()).slice(0, 200)}`);
        await response.arrayBuffer();
        events.notified(shown, part.length);
      }
      return true;
    } catch (error) {
      events.notifyFailed(shown, (error as Error).message);
      return false;
    }
  }
}

function addressOf(url: string): { target: string; shown: string; headers: Record<string, string> } {
  const address = new URL(`${url.replace(/\/$/, "")}/api/v2/alerts`);
  const { username, password } = address;
  address.username = "";
  address.password = "";
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const headers = { "Content-Type": "application/json", ...(username && { Authorization: `Basic ${basic}` }) };
  return { target: address.href, shown: address.origin, headers };
}

function body({ alert, generatorUrl, endsAtMs }: Notice): Record<string, unknown> {
  return {
    labels: toObject(alert.labels),
    annotations: toObject(alert.annotations),
    startsAt: new Date(alert.firedAtMs!).toISOString(),
    endsAt: new Date(alert.resolvedAtMs ?? endsAtMs).toISOString(),
    generatorURL: generatorUrl,
  };
}

const toObject = (labels: Labels): Record<string, string> => Object.fromEntries(labels);

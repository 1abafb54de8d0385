import { hostname } from "node:os";
import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { Peers } from "@ratatosk/ring";
import type { Service } from "@ratatosk/service";
import { certificateEvents } from "../listener-tls.ts";
import type { MembershipOptions } from "../membership.ts";
import { ringRoutes, type RingMember } from "../routes/ring.ts";
import { type AskMember, memberAsker } from "./ask-member.ts";

/** What every process tells of itself, and others may be told by way of this one. */
const pages = ["ready", "services", "metrics"];

/** The other processes of the system: who they are, and what each tells of itself. */
export class Members {
  readonly service: Service;
  readonly routes: readonly Route[];
  readonly #peers: Peers;
  readonly #ask: AskMember;

  constructor({ config, log }: Omit<MembershipOptions, "registry">) {
    const { members, health_period: healthPeriodMs, tls_config: tls } = config.cluster;
    const onReload = certificateEvents("cluster.tls_config", log);
    this.#ask = memberAsker({ tls, prefix: config.server.http_path_prefix.replace(/\/$/, ""), onReload });
    this.#peers = new Peers({
      members,
      healthPeriodMs,
      port: config.server.http_listen_port,
      isReady: (address) => this.#isReady(address),
    });
    this.service = {
      name: "cluster-members",
      start: () => this.#peers.start(),
      stop: () => this.#peers.stop(),
    };
    this.routes = [
      { ...open, path: "/members", handle: () => this.#list() },
      { ...open, path: "/members/:address/:page", handle: (request) => this.#page(request) },
      ...ringRoutes("/memberlist", { members: () => this.#ring() }),
    ];
  }

  async #isReady(address: string): Promise<boolean> {
    return this.#ask(address, "/ready").then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Without names in the configuration this process knows of itself. */
  #ring(): RingMember[] {
    const all = this.#all();
    if (all.length === 0) return [{ id: hostname(), state: "ACTIVE" }];
    return all.map(({ address, ready }) => ({ id: address, state: ready ? "ACTIVE" : "UNHEALTHY" }));
  }

  #all(): { readonly address: string; readonly ready: boolean }[] {
    const ready = this.#peers.others().map((address) => ({ address, ready: true }));
    const missing = this.#peers.missing().map((address) => ({ address, ready: false }));
    return [...ready, ...missing].sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  #list(): HttpResponse {
    const members = this.#all();
    return { status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ members }) };
  }

  async #page({ variables, headers }: HttpRequest): Promise<HttpResponse> {
    const { address = "", page = "" } = variables;
    const isKnown = [...this.#peers.others(), ...this.#peers.missing()].includes(address);
    if (!isKnown || !pages.includes(page)) throw new RatatoskError("not_found", "no such member or page");
    const { status, type, body } = await this.#ask(address, `/${page}`, headers.authorization);
    return { status, headers: { "Content-Type": type, "X-Content-Type-Options": "nosniff" }, body };
  }
}

const open = { methods: ["GET"], tenant: "none", errors: "text-line" } as const;

import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { reverse } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { SyslogConfig } from "../config/agent-config.ts";
import { Entry } from "../entry.ts";
import { nodeTls } from "../node-http.ts";
import type { TargetStatus } from "../files/file-targets.ts";
import { Origin } from "../origin.ts";
import { relabel } from "../relabel.ts";
import { labelPart } from "./docker-targets.ts";
import type { Source, SourceParts } from "./source.ts";
import { SyslogFraming } from "./syslog-framing.ts";
import { parseRfc3164, parseRfc5424, type SyslogMessage } from "./syslog-message.ts";

const maxNames = 1000;

/** A syslog listener: messages of RFC 5424 or 3164 over TCP, TLS or UDP. */
export class SyslogSource implements Source {
  readonly #config: SyslogConfig;
  readonly #parts: SourceParts;
  readonly #origin: Origin;
  readonly #sockets = new Set<Socket>();
  readonly #names = new Map<string, string>();
  #server: Server | undefined;
  #udp: UdpSocket | undefined;
  #lines = 0;
  #bytes = 0;
  #isListening = false;
  #lastError: string | undefined;

  constructor(config: SyslogConfig, parts: SourceParts) {
    this.#config = config;
    this.#parts = parts;
    this.#origin = new Origin(`syslog-${parts.job}`, parts.job);
  }

  async start(): Promise<void> {
    const [host, port] = addressOf(this.#config.listenAddress);
    if (this.#config.protocol === "udp") await this.#listenUdp(host, port);
    else await this.#listenTcp(host, port);
    this.#isListening = true;
    this.#parts.targetEvents.activated();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
    await new Promise<void>((resolve) => (this.#udp ? this.#udp.close(() => resolve()) : resolve()));
    this.#parts.targetEvents.deactivated();
  }

  get status(): TargetStatus[] {
    const detail = {
      name: this.#config.listenAddress,
      position: "",
      lagBytes: 0,
      lines: this.#lines,
      bytes: this.#bytes,
      lastError: this.#lastError,
    };
    const { labels } = this.#config;
    return [{ type: "Syslog", labels, discovered: new Map(), isReady: this.#isListening, details: [detail] }];
  }

  async #listenTcp(host: string, port: number): Promise<void> {
    const { tls } = this.#config;
    const onConnection = (socket: Socket): void => void this.#serve(socket);
    this.#server = tls
      ? nodeTls().createServer(
          {
            cert: readFileSync(tls.certFile),
            key: readFileSync(tls.keyFile),
            ...(tls.caFile ? { ca: readFileSync(tls.caFile), requestCert: true, rejectUnauthorized: true } : {}),
          },
          onConnection,
        )
      : createServer(onConnection);
    await new Promise<void>((resolve, reject) => {
      this.#server!.once("error", reject).listen(port, host, resolve);
    });
  }

  async #listenUdp(host: string, port: number): Promise<void> {
    this.#udp = createSocket(host.includes(":") ? "udp6" : "udp4");
    this.#udp.on("message", (bytes, { address }) => {
      for (const line of bytes.toString().split("\n"))
        if (line.trim() !== "") void this.#message(line.replace(/[\r\0]+$/, ""), address);
    });
    await new Promise<void>((resolve, reject) => {
      this.#udp!.once("error", reject).bind(port, host, resolve);
    });
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.setTimeout(this.#config.idleTimeoutMs, () => socket.end());
    const address = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
    const framing = new SyslogFraming(this.#config.maxMessageLength * 2, this.#config.format !== "rfc5424");
    try {
      for await (const piece of socket as AsyncIterable<Buffer>) {
        for (const text of framing.take(piece)) await this.#message(text, address);
        await this.#parts.outlet.ready();
      }
      for (const text of framing.end()) await this.#message(text, address);
    } catch (error) {
      this.#lastError = `${address}: ${(error as Error).message}`;
      this.#parts.sourceEvents.count("syslog_target_parsing_errors_total");
      this.#parts.log.warn({ err: error, address }, "error reading a syslog connection");
      socket.destroy();
    } finally {
      this.#sockets.delete(socket);
    }
  }

  async #message(text: string, address: string): Promise<void> {
    const { sourceEvents, relabelRules, outlet, clock } = this.#parts;
    const cut =
      Buffer.byteLength(text) > this.#config.maxMessageLength
        ? Buffer.from(text).subarray(0, this.#config.maxMessageLength).toString()
        : text;
    const message = parsers[this.#config.format](cut);
    if (message === undefined) return sourceEvents.count("syslog_target_parsing_errors_total");
    if (message.message === "" && !this.#config.allowEmpty) return sourceEvents.count("syslog_empty_messages_total");
    const labels = relabel(await this.#labelsOf(message, address), relabelRules);
    if (labels === undefined) return;
    const shown = new Map([...labels].filter(([name, value]) => !name.startsWith("__") && value !== ""));
    const { useIncomingTimestamp, useRfc5424Message } = this.#config;
    const time = useIncomingTimestamp && message.time !== undefined ? millisAsInstant(message.time) : clock.take();
    const line = useRfc5424Message && this.#config.format === "rfc5424" ? cut : message.message;
    const start = this.#origin.read;
    outlet.entry(new Entry(this.#origin, start, start + 1, shown, Buffer.from(line), time));
    this.#origin.read = start + 1;
    this.#lines += 1;
    this.#bytes += Buffer.byteLength(line);
    sourceEvents.count("syslog_target_entries_total");
  }

  async #labelsOf(message: SyslogMessage, address: string): Promise<Map<string, string>> {
    const labels = new Map(this.#config.labels);
    const set = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== "") labels.set(name, value);
    };
    set("__syslog_connection_ip_address", address);
    set("__syslog_connection_hostname", await this.#nameOf(address));
    set("__syslog_message_severity", message.severity);
    set("__syslog_message_facility", message.facility);
    set("__syslog_message_hostname", message.hostname);
    set("__syslog_message_app_name", message.appName);
    set("__syslog_message_proc_id", message.procId);
    set("__syslog_message_msg_id", message.msgId);
    if (this.#config.labelStructuredData)
      for (const [id, params] of message.data)
        for (const [name, value] of params) set(`__syslog_message_sd_${labelPart(id)}_${labelPart(name)}`, value);
    return labels;
  }

  /** The name of an address, asked for once and only where a rule may want it. */
  async #nameOf(address: string): Promise<string | undefined> {
    const isWanted = this.#parts.relabelRules.some(
      ({ sourceLabels, action }) => sourceLabels.includes("__syslog_connection_hostname") || action === "labelmap",
    );
    if (!isWanted) return undefined;
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const [name = address] = await reverse(address).catch(() => []);
    if (this.#names.size > maxNames) this.#names.clear();
    this.#names.set(address, name);
    return name;
  }
}

const parsers = {
  rfc5424: parseRfc5424,
  rfc3164: (text: string) => parseRfc3164(text, Date.now()),
  raw: (text: string): SyslogMessage => ({ data: [], message: text.replace(/^<\d{1,3}>/, "") }),
};

function addressOf(text: string): [host: string, port: number] {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (match === null) throw new Error(`invalid listen address ${text}`);
  return [match[1] || match[2] || "0.0.0.0", Number(match[3])];
}

const millisAsInstant = (ms: number): { seconds: number; nanos: number } => ({
  seconds: Math.floor(ms / 1000),
  nanos: Math.round((((ms % 1000) + 1000) % 1000) * 1e6),
});

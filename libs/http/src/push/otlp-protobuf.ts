import { formatLabels, labelsFrom } from "@ratatosk/model";
import { broken, wrongWireType } from "./body-errors.ts";
import type { AttributeUse, OtlpRules } from "./otlp-rules.ts";
import { OtlpValues, readKeyValue } from "./otlp-value.ts";
import { ProtoReader, wire } from "./proto-reader.ts";
import type { PushedEntries } from "./pushed-entries.ts";
import { normalName } from "./normal-name.ts";
import { TextArena } from "./text-arena.ts";

/** The fields of a LogRecord, and the wire type of each. */
const record = {
  time: 1,
  severityNumber: 2,
  severityText: 3,
  body: 5,
  attributes: 6,
  droppedAttributes: 7,
  flags: 8,
  traceId: 9,
  spanId: 10,
  observedTime: 11,
  eventName: 12,
} as const;
const recordWire: readonly number[] = [-1, 1, 0, 2, -1, 2, 2, 0, 5, 2, 2, 1, 2];

const nanosPerSecond = 1_000_000_000n;

/** Reads a protobuf ExportLogsServiceRequest into columns: one stream per resource. Throws bad_request. */
export function decodeOtlpProtobuf(bytes: Uint8Array, rules: OtlpRules, nowMs: number, into: PushedEntries): void {
  const arena = new TextArena(bytes);
  into.reset(bytes);
  new OtlpDecoder(bytes, rules, nowMs, arena, into).request();
  into.bytes = arena.bytes;
}

/** Names and values as offsets, four numbers a pair, ready to be added to each record. */
type Pairs = number[];

class OtlpDecoder {
  readonly #reader: ProtoReader;
  readonly #view: DataView;
  readonly #values: OtlpValues;
  readonly #rules: OtlpRules;
  readonly #nowMs: number;
  readonly #arena: TextArena;
  readonly #into: PushedEntries;
  /** Labels and metadata of the resource, metadata of the scope that the records now read belong to. */
  #labels: [string, string][] = [];
  #labelsText = "{}";
  #resourcePairs: Pairs = [];
  #scopePairs: Pairs = [];
  /** The open stream: its labels and its first row. */
  #stream: string | undefined;
  #from = 0;

  constructor(bytes: Uint8Array, rules: OtlpRules, nowMs: number, arena: TextArena, into: PushedEntries) {
    this.#reader = new ProtoReader(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#values = new OtlpValues(bytes);
    this.#rules = rules;
    this.#nowMs = nowMs;
    this.#arena = arena;
    this.#into = into;
  }

  request(): void {
    const end = this.#reader.bytes.length;
    this.#each(end, "ExportLogsServiceRequest", (field, stop) => {
      if (field === 1) this.#resourceLogs(stop);
    });
    this.#endStream();
  }

  /** Calls `visit` for each length-delimited field of a message, others are skipped; leaves the reader at the end. */
  #each(end: number, message: string, visit: (field: number, end: number) => void): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag(end, message);
      if ((tag & 7) !== wire.bytes) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.length(end);
      visit(tag >>> 3, stop);
      reader.at = stop;
    }
  }

  /** Resource first, wherever it stands in the message. */
  #resourceLogs(end: number): void {
    const { at } = this.#reader;
    this.#labels = [];
    this.#resourcePairs = [];
    this.#each(end, "ResourceLogs", (field, stop) => {
      if (field === 1) this.#resource(stop);
    });
    this.#labelsText = formatLabels(labelsFrom(this.#labels));
    this.#reader.at = at;
    this.#each(end, "ResourceLogs", (field, stop) => {
      if (field === 2) this.#scopeLogs(stop);
    });
  }

  #resource(end: number): void {
    this.#each(end, "Resource", (field, stop) => {
      if (field === 1) this.#sharedAttribute(stop, this.#rules.resource, this.#resourcePairs);
    });
  }

  #scopeLogs(end: number): void {
    const { at } = this.#reader;
    this.#scopePairs = [];
    this.#each(end, "ScopeLogs", (field, stop) => {
      if (field === 1) this.#scope(stop);
    });
    this.#reader.at = at;
    this.#each(end, "ScopeLogs", (field, stop) => {
      if (field === 2) this.#record(stop);
    });
  }

  #scope(end: number): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag(end, "InstrumentationScope");
      if (tag === 0x20) this.#sharedNumber("scope_dropped_attributes_count", reader.varint(end));
      else if ((tag & 7) !== wire.bytes) reader.skip(tag, end);
      else {
        const stop = reader.length(end);
        if (tag === 0x0a) this.#sharedText("scope_name", reader.at, stop);
        else if (tag === 0x12) this.#sharedText("scope_version", reader.at, stop);
        else if (tag === 0x1a) this.#sharedAttribute(stop, this.#rules.scope ?? asMetadata, this.#scopePairs);
        reader.at = stop;
      }
    }
  }

  #sharedText(name: string, at: number, end: number): void {
    if (at < end) this.#scopePairs.push(...this.#arena.add(name), at, end);
  }

  #sharedNumber(name: string, value: number): void {
    if (value !== 0) this.#scopePairs.push(...this.#arena.add(name), ...this.#arena.add(String(value)));
  }

  #sharedAttribute(end: number, use: (name: string) => AttributeUse, pairs: Pairs): void {
    const { keyAt, keyEnd, at, end: valueEnd } = readKeyValue(this.#reader, end);
    const name = this.#arena.text(keyAt, keyEnd);
    const what = use(name);
    if (what === "drop") return;
    this.#flatten(name, at, valueEnd, (key, value) => {
      if (what === "label") this.#labels.push([normalName(key), value]);
      else if (value !== "") pairs.push(...this.#arena.add(key), ...this.#arena.add(value));
    });
  }

  /** Nested maps become `outer_inner`. */
  #flatten(name: string, at: number, end: number, visit: (name: string, value: string) => void, depth = 0): void {
    if (depth > 64) throw broken("proto: AnyValue: exceeded max depth");
    const members = this.#values.members(at, end);
    if (members === undefined) visit(name, this.#values.text(at, end));
    else for (const { key, at, end } of members) this.#flatten(`${name}_${key}`, at, end, visit, depth + 1);
  }

  #record(end: number): void {
    const reader = this.#reader;
    const into = this.#into;
    const severity = { number: 0, at: 0, end: 0 };
    const trace = { at: 0, end: 0 };
    const span = { at: 0, end: 0 };
    const event = this.#peekEventName(end);
    let time = 0n;
    let observed = 0n;
    let dropped = 0;
    let flags = 0;
    let lineAt = 0;
    let lineEnd = 0;
    while (reader.at < end) {
      const tag = reader.tag(end, "LogRecord");
      const field = tag >>> 3;
      if (field >= recordWire.length || recordWire[field] === -1) {
        reader.skip(tag, end);
        continue;
      }
      if ((tag & 7) !== recordWire[field]) throw wrongWireType(tag, "LogRecord");
      switch (field) {
        case record.time:
          time = this.#view.getBigUint64(reader.fixed(8, end), true);
          continue;
        case record.observedTime:
          observed = this.#view.getBigUint64(reader.fixed(8, end), true);
          continue;
        case record.severityNumber:
          severity.number = reader.signed(end);
          continue;
        case record.droppedAttributes:
          dropped = reader.varint(end);
          continue;
        case record.flags:
          flags = this.#view.getUint32(reader.fixed(4, end), true);
          continue;
        default:
      }
      const stop = reader.length(end);
      const { at } = reader;
      if (field === record.body) [lineAt, lineEnd] = this.#line(at, stop);
      else if (field === record.attributes) this.#recordAttribute(stop, event.end > event.at);
      else if (field === record.severityText) [severity.at, severity.end] = [at, stop];
      else if (field === record.traceId) [trace.at, trace.end] = this.#id(at, stop, 16, "TraceID");
      else if (field === record.spanId) [span.at, span.end] = this.#id(at, stop, 8, "SpanID");
      reader.at = stop;
    }
    this.#number("dropped_attributes_count", dropped);
    this.#number("flags", flags);
    this.#number("severity_number", severity.number);
    this.#text("severity_text", severity.at, severity.end);
    this.#text("trace_id", trace.at, trace.end);
    this.#text("span_id", span.at, span.end);
    this.#text("event_name", event.at, event.end);
    if (time !== 0n && observed !== 0n)
      into.addPair(...this.#name("observed_timestamp"), ...this.#arena.add(String(observed)));
    this.#sharedPairs(this.#resourcePairs);
    this.#sharedPairs(this.#scopePairs);
    const severityLabel = this.#rules.severityTextAsLabel ? this.#arena.text(severity.at, severity.end) : "";
    this.#openStream(severityLabel);
    this.#addRow(time === 0n ? observed : time, lineAt, lineEnd);
  }

  #addRow(nanos: bigint, lineAt: number, lineEnd: number): void {
    if (nanos === 0n) {
      const seconds = Math.floor(this.#nowMs / 1000);
      this.#into.addRow(seconds, (this.#nowMs - 1000 * seconds) * 1e6, lineAt, lineEnd);
      return;
    }
    this.#into.addRow(Number(nanos / nanosPerSecond), Number(nanos % nanosPerSecond), lineAt, lineEnd);
  }

  /** An attribute `event_name` gives way to the record's own, which may come after it. */
  #peekEventName(end: number): { at: number; end: number } {
    const reader = this.#reader;
    const { at } = reader;
    const found = { at: 0, end: 0 };
    while (reader.at < end) {
      const tag = reader.tag(end, "LogRecord");
      if (tag === ((record.eventName << 3) | wire.bytes)) {
        found.end = reader.length(end);
        found.at = reader.at;
        reader.at = found.end;
      } else reader.skip(tag, end);
    }
    reader.at = at;
    return found;
  }

  #line(at: number, end: number): readonly [number, number] {
    return this.#values.textAt(at, end) ?? this.#arena.add(this.#values.text(at, end));
  }

  #recordAttribute(end: number, hasEventName: boolean): void {
    const { keyAt, keyEnd, at, end: valueEnd } = readKeyValue(this.#reader, end);
    const rule = this.#rules.record;
    if (rule !== undefined && rule(this.#arena.text(keyAt, keyEnd)) === "drop") return;
    if (hasEventName && this.#arena.text(keyAt, keyEnd) === "event_name") return;
    const text = this.#values.textAt(at, valueEnd);
    if (text !== undefined) this.#into.addPair(keyAt, keyEnd, ...text);
    else
      this.#flatten(this.#arena.text(keyAt, keyEnd), at, valueEnd, (key, value) =>
        this.#into.addPair(...this.#arena.add(key), ...this.#arena.add(value)),
      );
  }

  /** An id as hexadecimal text; nothing where it is empty or all zeros. */
  #id(at: number, end: number, size: number, what: string): readonly [number, number] {
    if (end === at) return [0, 0];
    if (end - at !== size) throw broken(`proto: LogRecord: invalid length for ${what}`);
    const id = this.#reader.bytes.subarray(at, end);
    if (id.every((byte) => byte === 0)) return [0, 0];
    return this.#arena.add(Buffer.from(id).toString("hex"));
  }

  #number(name: string, value: number): void {
    if (value !== 0) this.#into.addPair(...this.#name(name), ...this.#arena.add(String(value)));
  }

  #text(name: string, at: number, end: number): void {
    if (at < end) this.#into.addPair(...this.#name(name), at, end);
  }

  #name(name: string): readonly [number, number] {
    return this.#arena.once(name);
  }

  #sharedPairs(pairs: Pairs): void {
    for (let i = 0; i < pairs.length; i += 4)
      this.#into.addPair(pairs[i]!, pairs[i + 1]!, pairs[i + 2]!, pairs[i + 3]!);
  }

  #openStream(severityLabel: string): void {
    const labels =
      severityLabel === ""
        ? this.#labelsText
        : formatLabels(labelsFrom([...this.#labels, ["severity_text", severityLabel]]));
    if (labels === this.#stream) return;
    this.#endStream();
    this.#stream = labels;
  }

  /** Closes the open stream before the row that is about to be added. */
  #endStream(): void {
    if (this.#stream !== undefined) this.#into.addStream(this.#stream, this.#from);
    this.#from = this.#into.count;
  }
}

const asMetadata = (): AttributeUse => "metadata";

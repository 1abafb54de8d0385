import { JsonWriter, writeEntry } from "@ratatosk/http";
import { formatLabels, type ResultEntry, type ResultStream } from "@ratatosk/model";
import { legacyStream, rfc3339 } from "../legacy-stream.ts";
import type { DroppedEntry, TailEntry } from "./outbox.ts";

/** How the messages of a tail are written. */
export interface FrameForm {
  stream(out: JsonWriter, stream: ResultStream): void;
  dropped(dropped: DroppedEntry): unknown;
}

export const currentForm: FrameForm = {
  stream(out, { labels, entries }) {
    out.raw('{"stream":').strings(labels).raw(',"values":');
    out.list(entries, (entry) => writeEntry(out, entry)).raw("}");
  },
  dropped: ({ labels, time }) => ({ timestamp: String(time), labels: Object.fromEntries(labels) }),
};

export const legacyForm: FrameForm = {
  stream: (out, stream) => void out.raw(JSON.stringify(legacyStream(stream))),
  dropped: ({ labels, time }) => ({ timestamp: rfc3339(time), labels: formatLabels(labels) }),
};

const mostEntries = 100;

/** The messages that carry the entries, a hundred in each; the first tells of what was dropped. */
export function* frames(
  entries: readonly TailEntry[],
  dropped: readonly DroppedEntry[],
  { form, flags }: { form: FrameForm; flags: readonly string[] },
): Generator<string> {
  let told = dropped;
  for (let from = 0; from < entries.length || told.length > 0; from += mostEntries) {
    const out = new JsonWriter().raw('{"streams":');
    out.list(runs(entries.slice(from, from + mostEntries)), (stream) => form.stream(out, stream));
    if (told.length > 0) out.raw(',"dropped_entries":').raw(JSON.stringify(told.map((entry) => form.dropped(entry))));
    if (flags.length > 0) out.raw(',"encodingFlags":').raw(JSON.stringify(flags));
    told = [];
    yield out.raw("}").finish().toString();
  }
}

/** Neighbours of the same labels as one stream. */
function runs(entries: readonly TailEntry[]): ResultStream[] {
  const streams: { labels: ResultStream["labels"]; entries: ResultEntry[] }[] = [];
  for (const { labels, entry } of entries) {
    const last = streams.at(-1);
    if (last !== undefined && formatLabels(last.labels) === formatLabels(labels)) last.entries.push(entry);
    else streams.push({ labels, entries: [entry] });
  }
  return streams;
}

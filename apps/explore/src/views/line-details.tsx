import { useState } from "preact/hooks";
import type { Labels } from "../api/answers.ts";
import type { Entry } from "../lines/entry.ts";
import { prettyJson } from "../lines/pretty-json.ts";
import { segments } from "../lines/segments.ts";
import { filterBy, type Origin } from "../logql/edit.ts";
import { jsonLine } from "../share/export.ts";
import { draft, run, search } from "../state/session.ts";
import { copy, go, page } from "../state/store.ts";
import { formatNanos } from "../time/nanos.ts";
import { absoluteText } from "../time/range.ts";
import { Context } from "./context.tsx";
import { Icon } from "./icons.tsx";
import { Segments } from "./segments.tsx";

/** All that is known of a line: its whole text, labels, metadata, fields, and what can be done with each. */
export function LineDetails({ entry, marks }: { readonly entry: Entry; readonly marks: RegExp | undefined }) {
  const [context, setContext] = useState(false);
  const { line, nanos, stream, metadata, parsed } = entry;
  const json = page.value.pretty ? prettyJson(line) : undefined;
  return (
    <div class="details">
      <pre class="whole">
        <Segments segments={segments(json ?? line, marks)} />
      </pre>
      <div class="details-actions">
        <span class="nanos">{formatNanos(nanos, page.value.zone)}</span>
        <button type="button" onClick={() => void copy(line, "Line")}>
          <Icon name="copy" /> Line
        </button>
        <button type="button" onClick={() => void copy(jsonLine(entry), "Line as JSON")}>
          <Icon name="copy" /> JSON
        </button>
        <button type="button" onClick={() => linkTo(nanos)}>
          <Icon name="share" /> Link to this line
        </button>
        <button type="button" aria-pressed={context} onClick={() => setContext(!context)}>
          Show context
        </button>
      </div>
      {context && <Context entry={entry} />}
      <div class="groups">
        <Group title="Labels" origin="stream" labels={stream} />
        <Group title="Metadata" origin="metadata" labels={metadata} />
        <Group title="Fields" origin="parsed" labels={parsed} />
      </div>
    </div>
  );
}

/** The address of a line names its moment and a fixed range around it. */
function linkTo(nanos: string): void {
  const range = search.question.value?.range;
  go({ at: nanos, ...(range && { range: absoluteText(range) }) }, true);
  void copy(location.href, "Link to this line");
}

function Group({
  title,
  origin,
  labels,
}: {
  readonly title: string;
  readonly origin: Origin;
  readonly labels: Labels;
}) {
  const names = Object.keys(labels);
  if (names.length === 0) return null;
  return (
    <section class="group" aria-label={title}>
      <h2>{title}</h2>
      <dl>
        {names.map((name) => {
          const value = labels[name]!;
          return (
            <div key={name} class="pair">
              <dt>{name}</dt>
              <dd>
                <Segments segments={segments(value, undefined)} />
              </dd>
              <dd class="pair-actions">
                <button
                  type="button"
                  aria-label={`Only ${name} ${value}`}
                  title="Filter for"
                  onClick={() => run(filterBy(draft.value, origin, name, value, true))}
                >
                  <Icon name="plus" />
                </button>
                <button
                  type="button"
                  aria-label={`Without ${name} ${value}`}
                  title="Filter out"
                  onClick={() => run(filterBy(draft.value, origin, name, value, false))}
                >
                  <Icon name="minus" />
                </button>
                <button type="button" aria-label={`Copy ${name}`} title="Copy" onClick={() => void copy(value, name)}>
                  <Icon name="copy" />
                </button>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

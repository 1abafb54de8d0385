import { useEffect, useState } from "preact/hooks";
import { type Field, seriesOf } from "../api/answers.ts";
import { ApiError } from "../api/api-error.ts";
import { addStage, filterBy } from "../logql/edit.ts";
import { partsOf } from "../logql/parts.ts";
import { draft, run, search } from "../state/session.ts";
import { api } from "../state/store.ts";
import { countText } from "./amounts.ts";
import { Icon } from "./icons.tsx";

/** Fields that the lines have, each with its most frequent values. */
export function FieldsPanel() {
  const question = search.question.value;
  const [fields, setFields] = useState<readonly Field[] | undefined>(undefined);
  const [error, setError] = useState("");
  useEffect(() => {
    if (question === undefined) return;
    const aborter = new AbortController();
    setFields(undefined);
    setError("");
    api.value.fields(question.query, question.range, aborter.signal).then(
      (found) => setFields([...found].sort((a, b) => a.label.localeCompare(b.label))),
      (thrown) => {
        const failure = ApiError.from(thrown);
        if (!failure.isCancelled)
          setError(failure.status === 404 ? "This server does not detect fields." : failure.text);
      },
    );
    return () => aborter.abort();
  }, [question]);
  return (
    <aside class="card side" aria-label="Fields">
      <h2>Fields</h2>
      {error !== "" && <p class="hint">{error}</p>}
      {fields === undefined && error === "" && <p class="hint">Looking at the newest lines …</p>}
      {fields?.length === 0 && <p class="hint">No fields in these lines.</p>}
      <ul>
        {fields?.map((field) => (
          <FieldItem key={field.label} field={field} />
        ))}
      </ul>
    </aside>
  );
}

interface TopValue {
  readonly value: string;
  readonly count: number;
}

function FieldItem({ field }: { readonly field: Field }) {
  const [isOpen, setOpen] = useState(false);
  const [values, setValues] = useState<readonly TopValue[] | string | undefined>(undefined);
  const { label, type, cardinality } = field;
  useEffect(() => {
    if (!isOpen) return;
    const aborter = new AbortController();
    topValues(field, aborter.signal).then(setValues, (error) => setValues(ApiError.from(error).text));
    return () => aborter.abort();
  }, [isOpen]);
  const choose = (value: string, keep: boolean): void => {
    const query = parsedQuery(draft.value, field);
    run(filterBy(query, field.parsers?.length ? "parsed" : "metadata", label, value, keep));
  };
  const most = typeof values === "object" ? Math.max(...values.map(({ count }) => count), 1) : 1;
  return (
    <li>
      <button type="button" class="field" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span>{label}</span>
        <small>
          {type} · {cardinality}
        </small>
      </button>
      {isOpen && values === undefined && <p class="hint">Counting …</p>}
      {isOpen && typeof values === "string" && <p class="hint">{values}</p>}
      {isOpen && typeof values === "object" && (
        <ol class="top-values">
          {values.map(({ value, count }) => (
            <li key={value}>
              <meter min={0} max={most} value={count} aria-label={`Share of ${value}`} />
              <span class="value" title={value}>
                {value}
              </span>
              <b>{countText(count)}</b>
              <button
                type="button"
                class="tiny"
                aria-label={`Only ${label} ${value}`}
                onClick={() => choose(value, true)}
              >
                <Icon name="plus" />
              </button>
              <button
                type="button"
                class="tiny"
                aria-label={`Without ${label} ${value}`}
                onClick={() => choose(value, false)}
              >
                <Icon name="minus" />
              </button>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

/** The query with the parser that finds the field, unless it is there. */
function parsedQuery(query: string, { parsers }: Field): string {
  const parser = parsers?.[0];
  const has = partsOf(query).parts.some(
    (part) => part.kind === "stage" && parser !== undefined && part.text.startsWith(parser),
  );
  return parser === undefined || has ? query : addStage(query, `| ${parser}`);
}

/** The most frequent values in the whole range, counted by the server. */
async function topValues(field: Field, signal: AbortSignal): Promise<TopValue[]> {
  const { query, range } = search.question.value!;
  const parsed = parsedQuery(query, field);
  const lines = addStage(parsed, `| ${field.label}!="" | __error__=""`);
  const seconds = Math.max(1, Number((range.end - range.start) / 1_000_000_000n));
  const counting = `topk(10, sum by (${field.label}) (count_over_time(${lines} [${seconds}s])))`;
  const found = seriesOf(await api.value.query(counting, range.end, signal));
  return found
    .map(({ metric, values }) => ({ value: metric[field.label] ?? "", count: Number(values[0]![1]) }))
    .sort((a, b) => b.count - a.count);
}

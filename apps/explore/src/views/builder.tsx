import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { addMatcher, addStage, changePart, removePart } from "../logql/edit.ts";
import { type Part, partsOf } from "../logql/parts.ts";
import { quote } from "../logql/quote.ts";
import { selectorOf } from "../logql/derived.ts";
import { draft, run } from "../state/session.ts";
import { api, rangeNow } from "../state/store.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

/** The query as chips: each is a piece of its text, and changing a chip changes just that piece. */
export function Builder() {
  const query = draft.value;
  const { parts } = partsOf(query);
  return (
    <div class="builder" role="group" aria-label="Query builder">
      {parts.map((part) => (
        <Chip key={`${part.from}${query.slice(part.from, part.to)}`} part={part} />
      ))}
      <Menu
        className="add"
        label={
          <>
            <Icon name="plus" /> Label
          </>
        }
      >
        {(close) => <LabelPicker close={close} />}
      </Menu>
      <Menu
        className="add"
        label={
          <>
            <Icon name="plus" /> Text
          </>
        }
      >
        {(close) => <TextPicker close={close} />}
      </Menu>
      <Menu
        className="add"
        label={
          <>
            <Icon name="plus" /> Field
          </>
        }
      >
        {(close) => <FieldPicker close={close} />}
      </Menu>
    </div>
  );
}

const lineWords: Readonly<Record<string, string>> = {
  "|=": "contains",
  "!=": "does not contain",
  "|~": "matches",
  "!~": "does not match",
  "|>": "has pattern",
  "!>": "not pattern",
};
const matchOps = ["=", "!=", "=~", "!~"];
const fieldOps = [...matchOps, ">", ">=", "<", "<="];

function chipText(part: Part): [name: string, op: string, value: string] {
  switch (part.kind) {
    case "matcher":
    case "label":
      return [part.name, part.op, part.value];
    case "line":
      return ["line", lineWords[part.op] ?? part.op, part.value];
    case "stage":
      return [part.text, "", ""];
  }
}

function Chip({ part }: { readonly part: Part }) {
  const [name, op, value] = chipText(part);
  const said = [name, op, value].filter(Boolean).join(" ");
  return (
    <span class={`chip chip-${part.kind}`}>
      <Menu
        name={`Change ${said}`}
        label={
          <>
            <b>{name}</b> {op !== "" && <i>{op}</i>} <span class="chip-value">{value}</span>
          </>
        }
      >
        {(close) => <ChipForm part={part} close={close} />}
      </Menu>
      <button
        type="button"
        class="chip-close"
        aria-label={`Remove ${said}`}
        onClick={() => run(removePart(draft.value, part))}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

function ChipForm({ part, close }: { readonly part: Part; readonly close: () => void }) {
  const [op, setOp] = useState(part.kind === "stage" ? "" : part.op);
  const [value, setValue] = useState(part.kind === "stage" ? draft.value.slice(part.from, part.to) : part.value);
  const ops = part.kind === "line" ? Object.keys(lineWords) : part.kind === "label" ? fieldOps : matchOps;
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        run(changePart(draft.value, part, op, value));
      }}
    >
      {part.kind !== "stage" && <OpSelect ops={ops} op={op} onChange={setOp} />}
      <input
        aria-label="Value"
        value={value}
        onInput={({ currentTarget }) => setValue(currentTarget.value)}
        spellcheck={false}
      />
      <button type="submit" class="primary">
        Apply
      </button>
    </form>
  );
}

function OpSelect({
  ops,
  op,
  onChange,
}: {
  readonly ops: readonly string[];
  readonly op: string;
  readonly onChange: (op: string) => void;
}) {
  return (
    <select aria-label="Comparison" value={op} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {ops.map((one) => (
        <option key={one} value={one}>
          {lineWords[one] !== undefined && ops.includes("|=") ? lineWords[one] : one}
        </option>
      ))}
    </select>
  );
}

/** An input that takes the focus when it appears: what was focused has made place for it. */
function useFocus() {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  return input;
}

interface Choice {
  readonly value: string;
  readonly detail?: string;
}

/** A list that is filtered by typing and walked by arrow keys. */
function Pick({
  what,
  load,
  onPick,
}: {
  readonly what: string;
  readonly load: () => Promise<readonly Choice[]>;
  readonly onPick: (value: string) => void;
}) {
  const [choices, setChoices] = useState<readonly Choice[] | undefined>(undefined);
  const [filter, setFilter] = useState("");
  const [failed, setFailed] = useState(false);
  const input = useFocus();
  if (choices === undefined && !failed) void load().then(setChoices, () => setFailed(true));
  const isLoading = choices === undefined && !failed;
  const shown = (choices ?? []).filter(({ value }) => value.toLowerCase().includes(filter.toLowerCase())).slice(0, 200);
  const step = (event: KeyboardEvent, by: number): void => {
    event.preventDefault();
    const at = event.currentTarget as HTMLElement;
    const all = [...at.closest(".pick")!.querySelectorAll<HTMLElement>("input, li button")];
    all[all.indexOf(document.activeElement as HTMLElement) + by]?.focus();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") step(event, 1);
    else if (event.key === "ArrowUp") step(event, -1);
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      const first = shown.find(({ value }) => value === filter) ?? shown[0];
      if (first !== undefined) onPick(first.value);
      else if (filter !== "" && !isLoading) onPick(filter);
    }
  };
  return (
    <div class="pick" onKeyDown={keys}>
      <input
        ref={input}
        aria-label={what}
        placeholder={what}
        value={filter}
        onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        spellcheck={false}
      />
      <ul>
        {shown.map(({ value, detail }) => (
          <li key={value}>
            <button type="button" onClick={() => onPick(value)}>
              <span>{value}</span>
              {detail !== undefined && <small>{detail}</small>}
            </button>
          </li>
        ))}
      </ul>
      {isLoading && <p class="hint">Loading …</p>}
      {failed && <p class="hint">The server gave no list; type and press Enter.</p>}
      {choices !== undefined && shown.length === 0 && (
        <p class="hint">Nothing by that name. Enter takes it as written.</p>
      )}
    </div>
  );
}

const asChoices = (names: readonly string[]): Choice[] => names.map((value) => ({ value }));

function LabelPicker({ close }: { readonly close: () => void }) {
  const [name, setName] = useState<string | undefined>(undefined);
  const range = rangeNow();
  if (range === undefined) return <p class="hint">The time range cannot be read.</p>;
  if (name === undefined)
    return (
      <Pick key="names" what="Label" load={async () => asChoices(await api.value.labels(range))} onPick={setName} />
    );
  const selector = selectorOf(draft.value);
  const within = selector === "{}" ? undefined : selector;
  return (
    <Pick
      key="values"
      what={`Value of ${name}`}
      load={async () =>
        asChoices(await api.value.labelValues(name, range, within).catch(() => api.value.labelValues(name, range)))
      }
      onPick={(value) => {
        close();
        run(addMatcher(draft.value, name, "=", value));
      }}
    />
  );
}

function TextPicker({ close }: { readonly close: () => void }) {
  const [op, setOp] = useState("|=");
  const [value, setValue] = useState("");
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        if (value !== "") run(addStage(draft.value, `${op} ${quote(value)}`));
      }}
    >
      <input
        aria-label="Text"
        placeholder="Text of the line"
        value={value}
        onInput={({ currentTarget }) => setValue(currentTarget.value)}
        spellcheck={false}
      />
      <OpSelect ops={Object.keys(lineWords).slice(0, 4)} op={op} onChange={setOp} />
      <button type="submit" class="primary">
        Add
      </button>
    </form>
  );
}

function FieldPicker({ close }: { readonly close: () => void }) {
  const [field, setField] = useState<FoundField | undefined>(undefined);
  const range = rangeNow();
  const selector = selectorOf(draft.value);
  if (range === undefined || selector === undefined) return <p class="hint">Pick a label first.</p>;
  const load = async (): Promise<Choice[]> => {
    const fields = await api.value.fields(selector, range);
    return fields.map(({ label, type, parsers }) => ({
      value: label,
      detail: [parsers?.[0], type].filter(Boolean).join(" · "),
    }));
  };
  if (field === undefined)
    return (
      <Pick
        what="Field"
        load={load}
        onPick={(name) =>
          void api.value.fields(selector, range).then(
            (all) => setField({ name, parser: all.find(({ label }) => label === name)?.parsers?.[0] ?? "" }),
            () => setField({ name, parser: "" }),
          )
        }
      />
    );
  return <FieldForm field={field} close={close} />;
}

interface FoundField {
  readonly name: string;
  /** The stage that finds it, empty where it needs none. */
  readonly parser: string;
}

function FieldForm({ field, close }: { readonly field: FoundField; readonly close: () => void }) {
  const [op, setOp] = useState("=");
  const [value, setValue] = useState("");
  const input = useFocus();
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        const { parser, name } = field;
        const isParsed =
          parser === "" ||
          partsOf(draft.value).parts.some((part) => part.kind === "stage" && part.text.startsWith(parser));
        const isNumber = /^[<>]/.test(op);
        const stage = `| ${name} ${op} ${isNumber ? value : quote(value)}`;
        run(addStage(isParsed ? draft.value : addStage(draft.value, `| ${parser}`), stage));
      }}
    >
      <b>{field.name}</b>
      <OpSelect ops={fieldOps} op={op} onChange={setOp} />
      <input
        ref={input}
        aria-label="Value"
        value={value}
        onInput={({ currentTarget }) => setValue(currentTarget.value)}
        spellcheck={false}
      />
      <button type="submit" class="primary">
        Add
      </button>
    </form>
  );
}

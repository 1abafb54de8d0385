import { useComputed, useSignal } from "@preact/signals";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { RowHeights } from "../lines/row-heights.ts";
import { marksOf } from "../lines/segments.ts";
import { searchedWords } from "../logql/derived.ts";
import { live, search } from "../state/session.ts";
import { api, page } from "../state/store.ts";
import { LineRow } from "./line-row.tsx";

const rowHeight = 22;
const overscan = 12;

/** The lines of the result. Only those in sight are in the page, however many there are. */
export function LineList() {
  const box = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const heights = useMemo(() => new RowHeights(), []);
  const view = useSignal({ top: 0, height: 600 });
  const measured = useSignal(0);
  const open = useSignal<ReadonlySet<string>>(new Set());
  const cursor = useSignal(0);
  /** The moment that the address leads to, once its line was shown. */
  const found = useRef("");
  const entries = search.entries.value;
  const version = search.version.value;
  void measured.value;
  const { zone, wrap, mark, query, at } = page.value;
  const marks = useMemo(() => marksOf([...searchedWords(query), mark]), [query, mark]);
  const showDate = useComputed(() => {
    const range = search.question.value?.range;
    return range !== undefined && range.end - range.start > 43_200_000_000_000n;
  }).value;

  useMemo(() => heights.reset(entries.length, rowHeight), [entries, wrap]);
  useMemo(() => heights.grow(entries.length, rowHeight), [entries, version]);
  // Before the lines are seen: what somebody unfolds at once stays unfolded.
  useLayoutEffect(() => {
    open.value = new Set();
    cursor.value = 0;
    found.current = "";
    if (!live.isOn.value && box.current !== null) box.current.scrollTop = 0;
  }, [search.question.value]);
  useEffect(() => {
    const index = at === "" || at === found.current ? -1 : entries.findIndex(({ nanos }) => nanos === at);
    if (index === -1) return;
    found.current = at;
    open.value = new Set([keyOf(index)]);
    cursor.value = index;
    box.current!.scrollTop = Math.max(0, heights.top(index) - 100);
  }, [at, version]);
  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => (view.value = { top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { top, height } = view.value;
  const first = Math.max(0, heights.rowAt(top) - overscan);
  const last = Math.min(entries.length, heights.rowAt(top + height) + overscan);
  useLayoutEffect(() => {
    let changed = false;
    for (const row of rows.current?.children ?? []) {
      const index = Number((row as HTMLElement).dataset["index"]);
      const real = (row as HTMLElement).offsetHeight;
      if (real > 0 && index < heights.length && real !== heights.height(index)) {
        heights.set(index, real);
        changed = true;
      }
    }
    if (changed) measured.value++;
  });
  useEffect(() => {
    if (last >= entries.length - 100 && entries.length > 0 && !live.isOn.value) void search.more(api.value);
  }, [last, entries.length]);

  /** Of an entry, not of a place: following moves lines down. */
  function keyOf(index: number): string {
    const entry = entries[index];
    return entry === undefined ? "" : `${entry.nanos} ${entry.line.slice(0, 80)}`;
  }
  const toggle = (index: number): void => {
    const key = keyOf(index);
    const next = new Set(open.value);
    if (!next.delete(key)) next.add(key);
    open.value = next;
    cursor.value = index;
  };
  const latestToggle = useRef(toggle);
  latestToggle.current = toggle;
  const onToggle = useCallback((index: number) => latestToggle.current(index), []);
  const move = (index: number): void => {
    const to = Math.max(0, Math.min(index, entries.length - 1));
    cursor.value = to;
    const element = box.current!;
    const [from, until] = [heights.top(to), heights.top(to + 1)];
    if (from < element.scrollTop) element.scrollTop = from;
    else if (until > element.scrollTop + element.clientHeight) element.scrollTop = until - element.clientHeight;
    view.value = { top: element.scrollTop, height: element.clientHeight };
    requestAnimationFrame(() =>
      element.querySelector<HTMLElement>(`[data-index="${to}"] .fold`)?.focus({ preventScroll: true }),
    );
  };
  const keys = (event: KeyboardEvent): void => {
    const inFold = (event.target as HTMLElement).classList.contains("fold") || event.target === box.current;
    if (!inFold) return;
    if (event.key === "Enter") {
      event.preventDefault();
      return toggle(cursor.value);
    }
    const pageRows = Math.floor(height / rowHeight) - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: cursor.value + 1,
      ArrowUp: cursor.value - 1,
      PageDown: cursor.value + pageRows,
      PageUp: cursor.value - pageRows,
      Home: 0,
      End: entries.length - 1,
    };
    if (to[event.key] === undefined) return;
    event.preventDefault();
    move(to[event.key]!);
  };
  const visible = [];
  for (let index = first; index < last; index++) {
    const entry = entries[index]!;
    visible.push(
      <LineRow
        key={index}
        entry={entry}
        index={index}
        zone={zone}
        marks={marks}
        showDate={showDate}
        isOpen={open.value.has(keyOf(index))}
        isCursor={cursor.value === index}
        onToggle={onToggle}
      />,
    );
  }
  return (
    <div
      ref={box}
      class={wrap ? "lines wrap" : "lines"}
      role="list"
      aria-label="Lines"
      tabIndex={0}
      onKeyDown={keys}
      onScroll={({ currentTarget }) =>
        (view.value = { top: currentTarget.scrollTop, height: currentTarget.clientHeight })
      }
    >
      <div class="lines-all" role="presentation" style={{ height: `${heights.top(entries.length)}px` }}>
        <div
          ref={rows}
          class="lines-seen"
          role="presentation"
          style={{ transform: `translateY(${heights.top(first)}px)` }}
        >
          {visible}
        </div>
      </div>
    </div>
  );
}

import { memo } from "preact/compat";
import type { Entry } from "../lines/entry.ts";
import { segments } from "../lines/segments.ts";
import { formatMillis, formatNanos, type Zone } from "../time/nanos.ts";
import { LineDetails } from "./line-details.tsx";
import { Segments } from "./segments.tsx";

/** Longer lines are cut until they are unfolded. */
const shownChars = 2000;

interface RowProps {
  readonly entry: Entry;
  readonly index: number;
  readonly zone: Zone;
  readonly marks: RegExp | undefined;
  readonly isOpen: boolean;
  readonly isCursor: boolean;
  readonly showDate: boolean;
  readonly onToggle: (index: number) => void;
}

/** One line: level, moment, text; unfolded also all that is known of it. */
export const LineRow = memo(({ entry, index, zone, marks, isOpen, isCursor, showDate, onToggle }: RowProps) => {
  const { nanos, line, level } = entry;
  const full = formatNanos(nanos, zone);
  const shown = line.length > shownChars ? line.slice(0, shownChars) : line;
  return (
    <div
      class={`line l-${level}${isOpen ? " open" : ""}${isCursor ? " cursor" : ""}`}
      role="listitem"
      data-index={index}
    >
      <div class="line-head" onClick={() => getSelection()?.isCollapsed !== false && onToggle(index)}>
        <button
          type="button"
          class="fold"
          tabIndex={isCursor ? 0 : -1}
          aria-expanded={isOpen}
          aria-label={`${level} ${full}`}
          title={`${level} ${full}`}
          onClick={(event) => (event.stopPropagation(), onToggle(index))}
        />
        <time title={full}>{showDate ? full.slice(5, 23) : formatMillis(nanos, zone)}</time>
        <span class="text">
          <Segments segments={segments(shown, marks)} />
          {shown !== line && <em class="cut"> … {line.length.toLocaleString("en")} characters</em>}
        </span>
      </div>
      {isOpen && <LineDetails entry={entry} marks={marks} />}
    </div>
  );
});

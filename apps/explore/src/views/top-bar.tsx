import { batch } from "@preact/signals";
import { useState } from "preact/hooks";
import {
  describeRange,
  absoluteText,
  growRange,
  parseMoment,
  quickRanges,
  resolveRange,
  shiftRange,
} from "../time/range.ts";
import { formatNanos } from "../time/nanos.ts";
import { asked, go, page, rangeNow, server, theme, type Theme } from "../state/store.ts";
import { serverOf, type View } from "../state/url.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { ShareMenu } from "./share-menu.tsx";

const tabs: readonly (readonly [View, string])[] = [
  ["logs", "Explore"],
  ["services", "Services"],
  ["operate", "Operate"],
];

/** Name, pages, time range, settings. */
export function TopBar() {
  const { view } = page.value;
  return (
    <header class="top">
      <a class="brand" href="./" aria-label="Ratatosk, start page">
        <Squirrel />
        <span>Ratatosk</span>
      </a>
      <nav aria-label="Pages">
        {tabs.map(([name, label]) => (
          <button
            type="button"
            key={name}
            class="tab"
            aria-current={view === name ? "page" : undefined}
            onClick={() => go({ view: name })}
          >
            {label}
          </button>
        ))}
      </nav>
      {page.value.server !== "" && (
        <span class="other-server" title={server.value}>
          {new URL(server.value).host}
        </span>
      )}
      <div class="spacer" />
      {view !== "operate" && <RangeControl />}
      <ShareMenu />
      <Settings />
    </header>
  );
}

const Squirrel = () => (
  <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <rect width="32" height="32" rx="7" class="brand-ground" />
    <path
      class="brand-figure"
      d="M21 26c4-2 5-6 4-10-1-3-4-4-4-7 0-2 1-3 2-4-5 0-8 3-8 7 0 3 2 5 2 7 0 1-1 2-2 1 0-4-2-7-6-7l-1-2-1 3c-1 1-2 3-2 4l2 1c1 3 3 3 3 5v2h11z"
    />
  </svg>
);

function RangeControl() {
  const { range, zone } = page.value;
  const move = (change: typeof growRange): void => {
    const now = rangeNow();
    if (now !== undefined) go({ range: absoluteText(change(now)) });
  };
  return (
    <div class="range" role="group" aria-label="Time range">
      <button
        type="button"
        class="square"
        aria-label="Earlier"
        title="Earlier"
        onClick={() => move((now) => shiftRange(now, -1))}
      >
        <Icon name="left" />
      </button>
      <Menu
        align="right"
        label={
          <>
            <Icon name="clock" />
            <span class="range-text">{describeRange(range, Date.now(), zone)}</span>
          </>
        }
      >
        {(close) => <RangeForm close={close} />}
      </Menu>
      <button
        type="button"
        class="square"
        aria-label="Later"
        title="Later"
        onClick={() => move((now) => shiftRange(now, 1))}
      >
        <Icon name="right" />
      </button>
      <button type="button" class="square" aria-label="Zoom out" title="Zoom out" onClick={() => move(growRange)}>
        <Icon name="out" />
      </button>
    </div>
  );
}

function RangeForm({ close }: { readonly close: () => void }) {
  const { range, zone } = page.value;
  const written = (text: string): string =>
    /^\d+$/.test(text) ? formatNanos(parseMoment(text, Date.now(), zone) ?? 0n, zone).replace(/\.?0+$/, "") : text;
  const [from, setFrom] = useState(written(range.from));
  const [to, setTo] = useState(written(range.to));
  const isGood = resolveRange({ from, to }, Date.now(), zone) !== undefined;
  const choose = (next: { from: string; to: string }): void => {
    batch(() => {
      go({ range: next });
      asked.value++;
    });
    close();
  };
  return (
    <form
      class="range-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) choose({ from, to });
      }}
    >
      <div class="absolute">
        <label>
          From
          <input
            value={from}
            onInput={({ currentTarget }) => setFrom(currentTarget.value)}
            spellcheck={false}
            aria-invalid={!isGood}
          />
        </label>
        <label>
          To
          <input
            value={to}
            onInput={({ currentTarget }) => setTo(currentTarget.value)}
            spellcheck={false}
            aria-invalid={!isGood}
          />
        </label>
        <p class="hint">
          2026-01-15 10:00, now-90m, now-1d/d, or nanoseconds; in {zone === "utc" ? "UTC" : "local time"}.
        </p>
        <button type="submit" class="primary" disabled={!isGood}>
          Apply
        </button>
      </div>
      <div class="quick">
        {quickRanges.map(([label, quickFrom, quickTo]) => (
          <button
            type="button"
            key={label}
            aria-pressed={range.from === quickFrom && range.to === quickTo}
            onClick={() => choose({ from: quickFrom, to: quickTo })}
          >
            {label}
          </button>
        ))}
      </div>
    </form>
  );
}

const themes: readonly (readonly [Theme, string])[] = [
  ["auto", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function Settings() {
  const { zone, tenant } = page.value;
  return (
    <Menu align="right" name="Settings" label={<Icon name="more" />} className="settings">
      {() => (
        <div class="form">
          <label>
            Appearance
            <select value={theme.value} onChange={({ currentTarget }) => (theme.value = currentTarget.value as Theme)}>
              {themes.map(([name, label]) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label>
            Times in
            <select
              value={zone}
              onChange={({ currentTarget }) => go({ zone: currentTarget.value === "utc" ? "utc" : "local" }, true)}
            >
              <option value="local">Local time</option>
              <option value="utc">UTC</option>
            </select>
          </label>
          <label>
            Tenant
            <input
              value={tenant}
              placeholder="none"
              onChange={({ currentTarget }) => go({ tenant: currentTarget.value.trim() })}
            />
          </label>
          <label>
            Server
            <input
              value={server.value}
              onChange={({ currentTarget }) => go({ server: serverOf(currentTarget.value) })}
            />
          </label>
        </div>
      )}
    </Menu>
  );
}

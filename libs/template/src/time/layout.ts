/** A piece of Go's layout: text that stands for itself, or an element of the reference time. */
export type LayoutPart = { readonly literal: string } | { readonly element: string };

const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|0[1-6]|15|[1-5]|PM|pm|[Z-]07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?!\d)/g;
const known = new Map<string, readonly LayoutPart[]>();
const maxKnown = 1000;

/** The parts of a layout such as `2006-01-02T15:04:05.000Z07:00`. */
export function layoutParts(layout: string): readonly LayoutPart[] {
  const found = known.get(layout);
  if (found) return found;
  if (known.size >= maxKnown) known.clear();
  const parts = split(layout);
  known.set(layout, parts);
  return parts;
}

function split(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const match of layout.matchAll(element)) {
    if (match.index > end) parts.push({ literal: layout.slice(end, match.index) });
    parts.push({ element: match[0] });
    end = match.index + match[0].length;
  }
  if (end < layout.length) parts.push({ literal: layout.slice(end) });
  return parts;
}

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
export const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

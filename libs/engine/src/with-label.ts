import { compareText, type Labels } from "@ratatosk/model";

/** The labels with one of them set, or taken away by an empty value. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const others = labels.filter(([own]) => own !== name);
  if (value === "") return others;
  return [...others, [name, value] as const].sort(([a], [b]) => compareText(a, b));
}

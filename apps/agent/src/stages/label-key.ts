/** Names a label set: equal sets have the same key. */
export function labelKey(labels: ReadonlyMap<string, string>): string {
  let key = "";
  for (const [name, value] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) key += `${name}\0${value}\0`;
  return key;
}

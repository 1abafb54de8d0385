/** The cases that a suite's output says do not agree: its lines `✗ GROUP: NAME`, sorted. */
export function failuresIn(output: string): string[] {
  return [...output.matchAll(/^✗ (.*)$/gm)].map(([, name]) => name!).sort(compare);
}

/** Failures that are not in the list, and cases of the list that do not fail any more. */
export function compareWithKnown(
  failures: readonly string[],
  known: readonly string[],
): { broken: string[]; repaired: string[] } {
  return {
    broken: failures.filter((name) => !known.includes(name)),
    repaired: known.filter((name) => !failures.includes(name)),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What stands for a part that varies. */
export const wildcard = "<_>";

/** Words, runs of white space, and every other character by itself. */
const piece = /[\p{L}\p{N}_.\-/@%+$#~*&!?\\:]+|\s+|[^\s]/gu;

/** Parts of a line that are values, whatever stands around them. */
const value = new RegExp(
  `^(?:${[
    String.raw`[+-]?\d[\d.,:_/+-]*(?:[eE][+-]?\d+)?[a-zA-Zµ%]{0,3}Z?`, // numbers, dates, times, versions, addresses, 12ms, 3.5GB
    String.raw`0x[\da-fA-F]+`,
    String.raw`(?=[a-zA-Z_-]*\d)[\da-fA-F]{6,}`, // hashes and ids
    String.raw`[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}`,
    String.raw`\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?`,
    "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
  ].join("|")})$`,
);

const mostTokens = 200;
const longestWord = 256;

/** A line in tokens: their concatenation is the line, with values replaced by the wildcard. */
export function tokenize(line: string): string[] {
  const tokens: string[] = [];
  piece.lastIndex = 0;
  for (let match = piece.exec(line); match !== null; match = piece.exec(line)) {
    if (tokens.length === mostTokens) return [...tokens, wildcard];
    tokens.push(isValue(match[0]) ? wildcard : match[0]);
  }
  return tokens;
}

const isValue = (token: string): boolean => token.length > longestWord || value.test(token);

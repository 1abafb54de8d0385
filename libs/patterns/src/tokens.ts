/** What stands for a part that varies. */
export const wildcard = "<_>";

/** A text in tokens: their concatenation is the text, with values replaced by the wildcard. */
export interface Tokens {
  readonly texts: string[];
  /** Which of them have a letter or a digit; wildcards have none. */
  readonly words: boolean[];
}

/** Words, runs of white space, and every other character by itself. */
const piece = /[\p{L}\p{N}_.\-/@%+$#~*&!?\\:]+|\s+|[^\s]/gu;
const letterOrDigit = /[\p{L}\p{N}]/u;

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
const nameLength = 3;
const uuidLength = 36;

/** What an ASCII character is; all but the first two are parts of words, and `joint` and `digit` of numbers, too. */
const [single, space, mark, letter, joint, digit] = [0, 1, 2, 3, 4, 5] as const;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/\d/.test(char)) return digit;
  if (/[a-z]/i.test(char)) return letter;
  if (/\s/.test(char)) return space;
  if (/[.:_/+-]/.test(char)) return joint;
  return /[@%$#~*&!?\\]/.test(char) ? mark : single;
});

const numeric = (1 << digit) | (1 << joint);
const wordly = (1 << digit) | (1 << letter);

/** A line in tokens. Fast path: ASCII, where the characters tell most words from values. See pattern-miner.bench.ts. */
export function tokenize(line: string): Tokens {
  const tokens: Tokens = { texts: [], words: [] };
  for (let at = 0; at < line.length;) {
    if (tokens.texts.length === mostTokens) return cutOff(tokens);
    const code = line.charCodeAt(at);
    if (code > 0x7f) return anyTokens(line);
    const kind = kinds[code]!;
    const start = at++;
    if (kind === single) {
      add(tokens, line[start]!, false);
      continue;
    }
    const isSpace = kind === space;
    // A bit for each kind of character that there is.
    let found = 1 << kind;
    for (; at < line.length; at++) {
      const next = line.charCodeAt(at);
      if (next > 0x7f) return anyTokens(line);
      const nextKind = kinds[next]!;
      if (nextKind === single || (nextKind === space) !== isSpace) break;
      found |= 1 << nextKind;
    }
    const isNumber = kind === digit && (found & ~numeric) === 0;
    const text = isNumber ? wildcard : line.slice(start, at);
    if (isNumber || (mayBeValue(text.length, found) && isValue(text))) add(tokens, wildcard, false);
    else add(tokens, text, (found & wordly) !== 0);
  }
  return tokens;
}

/** A pattern's text in tokens again. */
export function tokensOfPattern(text: string): Tokens {
  const tokens: Tokens = { texts: [], words: [] };
  for (const [i, literal] of text.split(wildcard).entries()) {
    if (i > 0) add(tokens, wildcard, false);
    const { texts, words } = tokenize(literal);
    tokens.texts.push(...texts);
    tokens.words.push(...words);
  }
  return tokens;
}

function anyTokens(line: string): Tokens {
  const tokens: Tokens = { texts: [], words: [] };
  piece.lastIndex = 0;
  for (let match = piece.exec(line); match !== null; match = piece.exec(line)) {
    if (tokens.texts.length === mostTokens) return cutOff(tokens);
    const [text] = match;
    if (isValue(text)) add(tokens, wildcard, false);
    else add(tokens, text, letterOrDigit.test(text));
  }
  return tokens;
}

function cutOff(tokens: Tokens): Tokens {
  add(tokens, wildcard, false);
  return tokens;
}

function add({ texts, words }: Tokens, text: string, isWord: boolean): void {
  texts.push(text);
  words.push(isWord);
}

/** Without a digit only names of months and days are values, and ids of a certain length. */
const mayBeValue = (length: number, found: number): boolean =>
  (found & (1 << digit)) !== 0 || length === nameLength || length === uuidLength || length > longestWord;

const isValue = (token: string): boolean => token.length > longestWord || value.test(token);

import { RE2JS } from "re2js";
import type { ClassItem, Ranges } from "./syntax.ts";

const digit: Ranges = [[0x30, 0x39]];
const upper: Ranges = [[0x41, 0x5a]];
const lower: Ranges = [[0x61, 0x7a]];
const alpha: Ranges = [...upper, ...lower];
const word: Ranges = [...digit, ...upper, [0x5f, 0x5f], ...lower];
const perlSpace: Ranges = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];
const perl: Record<string, Ranges> = { d: digit, s: perlSpace, w: word };
const posix: Record<string, Ranges> = {
  alnum: [...digit, ...alpha],
  alpha,
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit,
  graph: [[0x21, 0x7e]],
  lower,
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper,
  word,
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
};

/** The items of `\d`, `\W` and their like, given the letter; undefined for other letters. */
export function perlClass(letter: string): ClassItem[] | undefined {
  const ranges = perl[letter.toLowerCase()];
  if (ranges === undefined) return undefined;
  return letter === letter.toLowerCase() ? itemsOf(ranges) : [{ kind: "not", ranges, source: `\\${letter}` }];
}

/** The items of `[:alpha:]` or `[:^alpha:]`, given what stands between the colons; undefined for unknown names. */
export function posixClass(name: string): ClassItem[] | undefined {
  const negated = name.startsWith("^");
  const key = negated ? name.slice(1) : name;
  const ranges = Object.hasOwn(posix, key) ? posix[key] : undefined;
  if (ranges === undefined) return undefined;
  return negated ? [{ kind: "not", ranges, source: `[:${name}:]` }] : itemsOf(ranges);
}

function itemsOf(ranges: Ranges): ClassItem[] {
  return ranges.map(([low, high]) => ({ kind: "range", low, high }));
}

const categories = new Set(
  "C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs LC Cn".split(
    " ",
  ),
);
const knownScripts = new Set<string>();

/** The JavaScript name of a Unicode category or script (`Lu`, `Script=Greek`), "Any" for all; undefined if unknown. */
export function unicodeProperty(name: string): string | undefined {
  if (name === "Any" || categories.has(name)) return name;
  if (!/^[A-Z][A-Za-z]*(?:_[A-Z][A-Za-z]*)*$/.test(name)) return undefined;
  if (!knownScripts.has(name)) {
    if (!isScript(name)) return undefined;
    knownScripts.add(name);
  }
  return `Script=${name}`;
}

/** Both engines know the script by this name: V8 knows short ones (`Grek`) too, RE2 does not. */
function isScript(name: string): boolean {
  try {
    void new RegExp(`\\p{Script=${name}}`, "u");
    RE2JS.compile(`\\p{${name}}`);
    return true;
  } catch {
    return false;
  }
}

import { expect, test } from "vitest";
import { expandEnv } from "./expand-env.ts";

const env = { HOST: "Mimir", EMPTY: "", PATHS: "a/b/c.log" };

test.each([
  ["${HOST}", "Mimir"],
  ["x: ${MISSING}.", "x: ."],
  ["${MISSING:-8}${EMPTY:-9}", "89"],
  ["${MISSING:=8}${MISSING=7}", "87"],
  ["${MISSING:localhost}", "localhost"],
  ["${HOST:localhost}", "Mimir"],
  ["${HOST:+x}", "Mimir"],
  ["${HOST:1}", "imir"],
  ["${HOST:1:2}", "im"],
  ["${HOST^^} ${HOST,,} ${HOST,}", "MIMIR mimir mimir"],
  ["${PATHS#*/} ${PATHS##*/} ${PATHS%/*} ${PATHS%%/*}", "b/c.log c.log a/b a"],
  ["${PATHS/\\//-}", "a/b/c.log"],
  ["${HOST/i/o} ${HOST//i/o} ${HOST/#M/R} ${HOST/%r/n}", "Momir Momor Rimir Mimin"],
  ["${#HOST}", "5"],
  ["${PATHS:2:3} ${PATHS%.*} ${PATHS/b/_}", "b/c a/b/c a/_/c.log"],
  ["$$1 $${x} $HOST $(x) $", "$1 ${x} $HOST $(x) $"],
  ["a: ${MISSING:-{b: 1}", "a: {b: 1"],
  ["${MISSING:-${HOST:-x}/y}", "Mimir/y"],
  ["${HOST: -2}", "ir"],
])("%s is %s", (text, expanded) => {
  expect(expandEnv(text, env)).toBe(expanded);
});

test.each(["${HOST-x}", "${1}", "${}", "${HOST?}"])("%s is refused", (text) => {
  expect(() => expandEnv(text, env)).toThrow(`bad substitution: ${text}`);
});

import { setFlagsFromString } from "node:v8";

// Regular expressions that backtrack too long are finished by V8's linear engine. A seat belt under libs/regex; it must
// be set before the first expression is compiled.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

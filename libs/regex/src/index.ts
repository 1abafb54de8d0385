export { checkRegex, compileRegex, matchesEmpty } from "./compile.ts";
export { expand } from "./expand.ts";
export { RegexError } from "./regex-error.ts";
export type { Regex, RegexMatch, RegexOptions, RegexSpans } from "./regex.ts";
export { decodeUtf8 } from "./utf8.ts";

export { compileRegex } from "./compile.ts";
export type { Regex, RegexMatch, RegexOptions } from "./regex.ts";

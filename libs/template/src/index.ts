export { fn } from "./function.ts";
export type { Functions, Param, TemplateFunction } from "./function.ts";
export { parseTemplate, TemplateError } from "./template.ts";
export type { Template, TemplateOptions } from "./template.ts";
export { Time } from "./time/time.ts";
export type { Callable, Dict, List, Value } from "./value.ts";

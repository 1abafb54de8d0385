export type * from "./ast.ts";
export { parse } from "./parse.ts";
export { prettyPrint } from "./pretty.ts";
export { print, printStage } from "./print.ts";

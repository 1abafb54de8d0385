// The door for who takes pushes without the rest: a server of its own needs nothing but node:http.
export { ByteBudget, type ByteLease } from "./byte-budget.ts";
export { decodePush, type PushBody, receivePush } from "./push-body.ts";
export { PushedEntries, type PushedStream } from "./pushed-entries.ts";
export type { BodyLimits } from "./read-body.ts";
export { httpStatus } from "../status.ts";

import { RatatoskError } from "@ratatosk/model";

/** The error for stored bytes that cannot be read. */
export const corrupt =
  (what: string) =>
  (why: string): RatatoskError =>
    new RatatoskError("corrupt", `${what}: ${why}`);

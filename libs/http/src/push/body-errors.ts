import { RatatoskError } from "@ratatosk/model";

/** A body that its decoder cannot read. */
export const broken = (message: string): RatatoskError => new RatatoskError("bad_request", message);

/** What Go says where a body ends too early. */
export const unexpectedEnd = (): RatatoskError => broken("unexpected EOF");

/** A protobuf field that came with the wire type of another. */
export const wrongWireType = (tag: number, field: string): RatatoskError =>
  broken(`proto: wrong wireType = ${tag & 7} for field ${field}`);

/** The refusal of a body that weighs `size` (or more) where `limit` is allowed. */
export const tooLarge = (what: string, size: number, limit: number): RatatoskError =>
  new RatatoskError("too_large", `request body too large: ${what} too large than max (${size} vs ${limit})`);

import { RatatoskError } from "@ratatosk/model";

/** A fault that has a place: `parse error at line 1, col 9: …`. Columns count code points from 1. */
export function parseErrorAt(line: number, column: number, message: string): RatatoskError {
  if (line === 0 && column === 0) return parseError(message);
  return new RatatoskError("bad_request", `parse error at line ${line}, col ${column}: ${message}`);
}

/** A fault of the query as a whole: `parse error : …`. */
export function parseError(message: string): RatatoskError {
  return new RatatoskError("bad_request", `parse error : ${message}`);
}

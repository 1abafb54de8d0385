type Column = Uint8Array | Int32Array | Uint32Array | Float64Array;

/** The column, or a copy with room for at least so many: twice as many as before. */
export function withRoom<T extends Column>(column: T, atLeast: number): T {
  if (atLeast <= column.length) return column;
  const more = new (column.constructor as new (size: number) => T)(Math.max(atLeast, 2 * column.length));
  more.set(column);
  return more;
}

type Column = Uint8Array | Int32Array | Uint32Array | Float64Array;

const small = 2 ** 20;

/** The column, or a copy with room for at least so many: twice as many as before, or half as many more of a large one. */
export function withRoom<T extends Column>(column: T, atLeast: number): T {
  if (atLeast <= column.length) return column;
  const more = new (column.constructor as new (size: number) => T)(
    Math.max(atLeast, column.length * (column.byteLength < small ? 2 : 1.5)),
  );
  more.set(column);
  return more;
}

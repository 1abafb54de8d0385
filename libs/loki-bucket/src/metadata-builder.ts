import type { MetadataColumn } from "@ratatosk/model";
import { corrupt } from "./corrupt.ts";

const fail = corrupt("loki block");

/** Gathers the pairs of all rows into columns. */
export class MetadataBuilder {
  readonly #symbols: readonly string[];
  readonly #rows: number;
  readonly #columns = new Map<string, { values: string[]; positions: Map<number, number>; index: Uint32Array }>();

  constructor(symbols: readonly string[], rows: number) {
    this.#symbols = symbols;
    this.#rows = rows;
  }

  set(row: number, nameSymbol: number, valueSymbol: number): void {
    const value = this.#symbols[valueSymbol];
    const name = this.#symbols[nameSymbol];
    if (name === undefined || value === undefined) throw fail(`symbol ${nameSymbol} or ${valueSymbol} is not known`);
    const column = this.#column(name.replace(/[^a-zA-Z0-9_:]/g, "_"));
    let position = column.positions.get(valueSymbol);
    if (position === undefined) {
      position = column.values.push(value);
      column.positions.set(valueSymbol, position);
    }
    column.index[row] = position;
  }

  columns(): MetadataColumn[] {
    return [...this.#columns]
      .map(([name, { values, index }]) => ({ name, values, index }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #column(name: string): { values: string[]; positions: Map<number, number>; index: Uint32Array } {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = { values: [], positions: new Map(), index: new Uint32Array(this.#rows) };
      this.#columns.set(name, column);
    }
    return column;
  }
}

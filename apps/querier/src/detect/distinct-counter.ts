import { metroHash64 } from "./metro-hash.ts";

const precision = 16;
const registers = 2 ** precision;
const seed = 1337n;
const alpha = 0.7213 / (1 + 1.079 / registers);
const betas = [
  -0.37331876643753059, -1.41704077448122989, 0.40729184796612533, 1.56152033906584164, -0.99242233534286128,
  0.26064681399483092, -0.03053811369682807, 0.00155770210179105,
];

/** Estimates how many distinct texts it has seen (HyperLogLog with the LogLog-Beta estimator), in 64 KiB. */
export class DistinctCounter {
  readonly #registers = new Uint8Array(registers);

  add(text: string): void {
    const hash = metroHash64(Buffer.from(text), seed);
    const register = Number(hash >> BigInt(64 - precision));
    const rest = BigInt.asUintN(64, hash << BigInt(precision)) ^ (1n << BigInt(precision - 1));
    this.#registers[register] = Math.max(this.#registers[register]!, leadingZeros(rest) + 1);
  }

  estimate(): number {
    let [sum, empty] = [0, 0];
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    return Math.trunc((alpha * registers * (registers - empty)) / (sum + correction(empty)) + 0.5);
  }
}

function leadingZeros(value: bigint): number {
  const high = Math.clz32(Number(value >> 32n));
  return high < 32 ? high : 32 + Math.clz32(Number(value & 0xffffffffn));
}

function correction(empty: number): number {
  const log = Math.log(empty + 1);
  return betas.reduce((total, beta, power) => total + beta * (power === 0 ? empty : log ** power), 0);
}

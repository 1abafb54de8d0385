/** From this decimal exponent on the shortest form has an exponent. */
const shortestLimit = 6;

/** A float in Go's shortest form (%v): `0.1`, `123456`, `1e+06`, `1e-05`, `+Inf`. */
export function formatFloat(value: number): string {
  return special(value) ?? general(value, shortest(value), shortestLimit);
}

/** A float in Go's %e, %f or %g with a precision; -1 takes as many digits as are needed. */
export function formatFloatAs(verb: "e" | "f" | "g", value: number, precision: number): string {
  const text = special(value);
  if (text !== undefined) return text;
  if (verb === "f") return precision < 0 ? sign(value) + positional(shortest(value)) : fixed(value, precision);
  if (verb === "e") {
    const digits = precision < 0 ? shortest(value) : rounded(value, precision + 1);
    return sign(value) + exponential(digits);
  }
  if (precision < 0) return general(value, shortest(value), shortestLimit);
  const wanted = precision || 1;
  const digits = rounded(value, wanted);
  return general(value, trimZeros(digits), wanted);
}

interface Digits {
  readonly digits: string;
  /** Of the first digit: 1230 is "123" with exponent 3. */
  readonly exponent: number;
}

function special(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? "-" : "");

function split(text: string): Digits {
  const [mantissa, exponent] = text.split("e") as [string, string];
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

const shortest = (value: number): Digits => split(Math.abs(value).toExponential());

/** `count` significant digits; a tie goes to the even digit. */
function rounded(value: number, count: number): Digits {
  const exact = Math.abs(value);
  if (count > 100) {
    const { digits, exponent } = split(exact.toExponential(100));
    return { digits: digits.padEnd(count, "0"), exponent };
  }
  const found = split(exact.toExponential(count - 1));
  const more = split(exact.toExponential(Math.min(count + 40, 100)));
  const tie = more.exponent === found.exponent && /^50*$/.test(more.digits.slice(count));
  if (!tie || Number(more.digits[count - 1]) % 2 !== 0) return found;
  return { digits: more.digits.slice(0, count), exponent: more.exponent };
}

function trimZeros({ digits, exponent }: Digits): Digits {
  return { digits: digits.replace(/0+$/, "") || "0", exponent };
}

/** %g: positional where the exponent is in [-4, limit), else with an exponent. */
function general(value: number, digits: Digits, limit: number): string {
  const { exponent } = digits;
  return sign(value) + (exponent < -4 || exponent >= limit ? exponential(digits) : positional(digits));
}

function exponential({ digits, exponent }: Digits): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${power}`;
}

function positional({ digits, exponent }: Digits): string {
  if (exponent < 0) return digits === "0" ? "0" : `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** %f: `precision` decimals; a tie goes to the even digit. */
function fixed(value: number, precision: number): string {
  const exact = Math.abs(value);
  const decimals = Math.min(precision, 100);
  if (exact >= 1e21) return `${sign(value)}${BigInt(exact)}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
  const text = exact.toFixed(decimals);
  const longer = exact.toFixed(Math.min(decimals + 40, 100));
  const cut = longer.length - (Math.min(decimals + 40, 100) - decimals);
  const tie = /^\.?50*$/.test(longer.slice(cut));
  const kept = longer.slice(0, cut).replace(/\.$/, "");
  const even = tie && Number(kept.at(-1)) % 2 === 0 ? kept : text;
  return sign(value) + even + "0".repeat(precision - decimals);
}

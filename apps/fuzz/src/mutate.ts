import type { Random } from "@ratatosk/logql/testing";

/** No input is larger. */
const maxBytes = 64 * 1024;
/** Numbers at which code tends to break. */
const edges = [0, 1, 2, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1024, 2 ** 16 - 1, 2 ** 16, 2 ** 31 - 1, 2 ** 31];

/** One of the samples, changed in a few places: bits, numbers, words, pieces doubled, cut out, taken from others. */
export function mutate(samples: readonly Uint8Array[], words: readonly string[], random: Random): Uint8Array {
  let input: Buffer = Buffer.from(random.pick(samples));
  for (let left = 1 + random.below(6); left > 0; left--)
    input = random.pick(changes)(input, { samples, words, random });
  return new Uint8Array(input.subarray(0, maxBytes));
}

interface Means {
  readonly samples: readonly Uint8Array[];
  readonly words: readonly string[];
  readonly random: Random;
}

const changes: readonly ((input: Buffer, means: Means) => Buffer)[] = [
  flipBit,
  setByte,
  setNumber,
  insertNoise,
  insertWord,
  insertWord,
  cutOut,
  cutOff,
  double,
  takeFromAnother,
];

function flipBit(input: Buffer, { random }: Means): Buffer {
  if (input.length > 0) input[random.below(input.length)]! ^= 1 << random.below(8);
  return input;
}

function setByte(input: Buffer, { random }: Means): Buffer {
  if (input.length > 0) input[random.below(input.length)] = random.below(256);
  return input;
}

function setNumber(input: Buffer, { random }: Means): Buffer {
  if (input.length < 4) return input;
  input.writeUInt32LE((random.pick(edges) - random.below(2)) >>> 0, random.below(input.length - 3));
  return input;
}

function insertNoise(input: Buffer, { random }: Means): Buffer {
  return insert(input, Buffer.from(random.many(1, 8, () => random.below(256))), random);
}

function insertWord(input: Buffer, { words, random }: Means): Buffer {
  return words.length === 0 ? input : insert(input, Buffer.from(random.pick(words)), random);
}

function cutOut(input: Buffer, { random }: Means): Buffer {
  const [from, to] = range(input, random);
  return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
}

function cutOff(input: Buffer, { random }: Means): Buffer {
  return input.subarray(0, random.below(input.length + 1));
}

function double(input: Buffer, { random }: Means): Buffer {
  const piece = input.subarray(...range(input, random));
  const times = random.oneIn(8) ? 1 + random.below(200) : 1;
  return Buffer.concat(Array.from({ length: times }, () => piece).toSpliced(0, 0, input)).subarray(0, maxBytes);
}

function takeFromAnother(input: Buffer, { samples, random }: Means): Buffer {
  const other = Buffer.from(random.pick(samples));
  return insert(input, other.subarray(...range(other, random)), random);
}

function insert(input: Buffer, piece: Buffer, random: Random): Buffer {
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]).subarray(0, maxBytes);
}

function range(input: Buffer, random: Random): [from: number, to: number] {
  const from = random.below(input.length + 1);
  return [from, from + random.below(Math.min(input.length - from, 256) + 1)];
}

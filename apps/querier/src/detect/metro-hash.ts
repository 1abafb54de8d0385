const mask = (1n << 64n) - 1n;
const [k0, k1, k2, k3] = [0xd6d018f5n, 0xa2aa033bn, 0x62992fc1n, 0x30bc5b29n] as const;

const rotate = (value: bigint, bits: bigint): bigint => ((value >> bits) | (value << (64n - bits))) & mask;
const add = (a: bigint, b: bigint): bigint => (a + b) & mask;
const times = (a: bigint, b: bigint): bigint => (a * b) & mask;

/** MetroHash64. */
export function metroHash64(bytes: Buffer, seed: bigint): bigint {
  let hash = times(add(seed, k2), k0);
  let at = 0;
  if (bytes.length >= 32) {
    const lanes: [bigint, bigint, bigint, bigint] = [hash, hash, hash, hash];
    for (; at + 32 <= bytes.length; at += 32) mixLanes(lanes, bytes, at);
    hash = add(hash, foldLanes(lanes));
  }
  if (bytes.length - at >= 16) {
    let a = times(rotate(add(hash, times(bytes.readBigUInt64LE(at), k2)), 29n), k3);
    let b = times(rotate(add(hash, times(bytes.readBigUInt64LE(at + 8), k2)), 29n), k3);
    a ^= add(rotate(times(a, k0), 21n), b);
    b ^= add(rotate(times(b, k3), 21n), a);
    hash = add(hash, b);
    at += 16;
  }
  return finish(tail(hash, bytes, at));
}

function mixLanes(v: [bigint, bigint, bigint, bigint], bytes: Buffer, at: number): void {
  v[0] = add(rotate(add(v[0], times(bytes.readBigUInt64LE(at), k0)), 29n), v[2]);
  v[1] = add(rotate(add(v[1], times(bytes.readBigUInt64LE(at + 8), k1)), 29n), v[3]);
  v[2] = add(rotate(add(v[2], times(bytes.readBigUInt64LE(at + 16), k2)), 29n), v[0]);
  v[3] = add(rotate(add(v[3], times(bytes.readBigUInt64LE(at + 24), k3)), 29n), v[1]);
}

function foldLanes(v: [bigint, bigint, bigint, bigint]): bigint {
  v[2] ^= times(rotate(add(times(add(v[0], v[3]), k0), v[1]), 37n), k1);
  v[3] ^= times(rotate(add(times(add(v[1], v[2]), k1), v[0]), 37n), k0);
  v[0] ^= times(rotate(add(times(add(v[0], v[2]), k0), v[3]), 37n), k1);
  v[1] ^= times(rotate(add(times(add(v[1], v[3]), k1), v[2]), 37n), k0);
  return v[0] ^ v[1];
}

function tail(hash: bigint, bytes: Buffer, from: number): bigint {
  let at = from;
  const mix = (value: bigint, bits: bigint): void => {
    hash = add(hash, times(value, k3));
    hash ^= times(rotate(hash, bits), k1);
  };
  if (bytes.length - at >= 8) {
    mix(bytes.readBigUInt64LE(at), 55n);
    at += 8;
  }
  if (bytes.length - at >= 4) {
    mix(BigInt(bytes.readUInt32LE(at)), 26n);
    at += 4;
  }
  if (bytes.length - at >= 2) {
    mix(BigInt(bytes.readUInt16LE(at)), 48n);
    at += 2;
  }
  if (bytes.length - at >= 1) mix(BigInt(bytes[at]!), 37n);
  return hash;
}

function finish(hash: bigint): bigint {
  hash ^= rotate(hash, 28n);
  hash = times(hash, k0);
  return hash ^ rotate(hash, 29n);
}

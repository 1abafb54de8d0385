import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** A hash as it is written: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, base64 without padding. */
export interface PasswordHash {
  readonly logCost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const usual = { logCost: 15, blockSize: 8, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;
const mostLogCost = 20;
const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{22,})$/;

/** A password as `password_hash` holds it. Twice the time to check for each 1 of `logCost`. */
export async function hashPassword(password: string, logCost = usual.logCost): Promise<string> {
  const { blockSize, parallelism } = usual;
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, { ...usual, logCost, salt, hash: Buffer.alloc(hashBytes) });
  return `$scrypt$ln=${logCost},r=${blockSize},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Reads what `hashPassword` wrote; undefined when it is none. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const [, logCost, blockSize, parallelism, salt, hash] = pattern.exec(text) ?? [];
  if (hash === undefined || Number(logCost) > mostLogCost || Number(logCost) < 1) return undefined;
  return {
    logCost: Number(logCost),
    blockSize: Math.max(1, Number(blockSize)),
    parallelism: Math.max(1, Number(parallelism)),
    salt: Buffer.from(salt!, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

/** A hash that no password has, as costly to compare as another: for names that do not exist. */
export function nobodysHash(): PasswordHash {
  return { ...usual, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
}

/** Whether a password belongs to a hash, in a time that does not tell. */
export async function isPassword(password: string, expected: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, expected), expected.hash);
}

function derive(password: string, { logCost, blockSize, parallelism, salt, hash }: PasswordHash): Promise<Buffer> {
  const cost = 2 ** logCost;
  const maxmem = 128 * blockSize * (cost + parallelism) + 2 ** 20;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hash.length, { cost, blockSize, parallelization: parallelism, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

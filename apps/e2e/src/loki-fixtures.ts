import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const shared = process.env["RATATOSK_SHARED"] ?? fileURLToPath(new URL("../../../../shared", import.meta.url));

/** Buckets that Loki wrote, each with questions and the answers that Loki gave. */
export const fixtures = join(shared, "fixtures/loki-buckets");

/** Their names; none where the fixtures are not at hand. */
export const buckets: readonly string[] = existsSync(fixtures)
  ? readdirSync(fixtures).filter((name) => existsSync(join(fixtures, name, "schema.yaml")))
  : [];

/**
 * Which of two streams' lines of one time survive the limit: where Loki splits a query into shards (always over boltdb) the
 * one whose labels are greater, as here; where one querier answers alone (small tsdb) the one whose xxHash64 is smaller.
 * This question has such a tie.
 */
const tie = 'app!~"nginx|clock|traced"';

/** The questions of a bucket to which a server's answer differs from Loki's. */
export async function checkBucket(set: string, tenant: string, url: string): Promise<string[]> {
  const args = [join(fixtures, "check.sh"), set, url, "--tenant", tenant, "--show", "99"];
  const { stdout } = await promisify(execFile)("sh", args).catch((error: { stdout: string }) => error);
  const passed = Number(/(\d+) passed/.exec(stdout)?.[1] ?? 0);
  if (passed < 60) return [`${passed} passed only`];
  return stdout.split("\n").filter((line) => line.startsWith("✗") && !line.includes(tie));
}

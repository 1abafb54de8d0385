import type { Command } from "commander";

/** `ratatosk auth hash` and `auth token`: what stands in the configuration under `auth`. */
export function addAuthCommands(program: Command): void {
  const auth = program.command("auth").description("make password hashes and tokens for the configuration's `auth`");
  auth
    .command("hash")
    .description("read a password from standard input, print its hash")
    .action(async () => {
      const { hashPassword } = await import("@ratatosk/access");
      process.stdout.write(`${await hashPassword(await readPassword())}\n`);
    });
  auth
    .command("token")
    .description("print a new token, and its hash for `token_hash`")
    .action(async () => {
      const [{ hashToken }, { randomBytes }] = [await import("@ratatosk/access"), await import("node:crypto")];
      const token = randomBytes(32).toString("base64url");
      process.stdout.write(`token: ${token}\ntoken_hash: ${hashToken(token)}\n`);
    });
}

/** The first line of standard input; a terminal is asked, without showing what is typed. */
async function readPassword(): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const { Writable } = await import("node:stream");
  const { isTTY: terminal } = process.stdin;
  if (terminal) process.stderr.write("Password: ");
  const silent = new Writable({ write: (_part, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  for await (const line of lines) {
    lines.close();
    if (terminal) process.stderr.write("\n");
    if (line !== "") return line;
  }
  throw new Error("expected a password on standard input");
}

import { createHmac, randomBytes } from "node:crypto";
import { loadConfig, readTexts, settledTexts } from "@ratatosk/config";
import { KnownAccounts } from "./accounts.ts";
import { type AccessConfig, Accounts } from "./config.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import type { Identity } from "./identity.ts";
import { PasswordChecks } from "./password-checks.ts";

export interface AccessModules {
  readonly config: AccessConfig;
  /** There are tenants. */
  readonly authEnabled: boolean;
  /** Told of every change of the file, and of each reading that failed. */
  readonly onReload?: (error: Error | undefined) => void;
}

const mostRemembered = 1000;

/**
 * Who is let in. A password costs a tenth of a second to check: that it was right is remembered, by a digest under a key
 * of this process.
 */
export class Access {
  readonly #modules: AccessModules;
  readonly #key = randomBytes(32);
  readonly #checks = new PasswordChecks();
  readonly #remembered = new Map<string, Promise<Identity | undefined>>();
  #texts: readonly string[] = [];
  #isReading = false;
  #accounts: KnownAccounts;
  #timer: NodeJS.Timeout | undefined;

  /** Throws ConfigError when users or tokens cannot be used. */
  constructor(modules: AccessModules) {
    this.#modules = modules;
    this.#accounts = new KnownAccounts(modules.config, modules.authEnabled, "auth.");
  }

  /** Whether a request needs credentials at all. */
  get isOn(): boolean {
    return this.#modules.config.file !== "" || !this.#accounts.isEmpty;
  }

  /** What `WWW-Authenticate` says: a browser asks for name and password where there are users. */
  get challenge(): string {
    const { users, hasTokens } = this.#accounts;
    const basic = users.size > 0 || !hasTokens ? ['Basic realm="ratatosk", charset="UTF-8"'] : [];
    return [...basic, ...(hasTokens ? ['Bearer realm="ratatosk"'] : [])].join(", ");
  }

  /** Reads the file; throws ConfigError when it cannot be used. Then reads it again every period. */
  async start(): Promise<void> {
    const { file, period } = this.#modules.config;
    if (file === "") return;
    this.#use(file, await readTexts([file]));
    this.#timer = setInterval(() => void this.#tryReload(file), period).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Who a header `Authorization` stands for; undefined when for nobody. Throws limit_exceeded when too many ask at once. */
  async identify(header: string | undefined): Promise<Identity | undefined> {
    const credentials = readCredentials(header ?? "");
    if (credentials === undefined) return undefined;
    if (credentials.kind === "bearer") return this.#accounts.ofToken(credentials.token);
    const digest = createHmac("sha256", this.#key).update(`${credentials.name}\0${credentials.password}`).digest("hex");
    const known = this.#remembered.get(digest);
    if (known !== undefined) return known;
    const checked = this.#check(credentials);
    this.#remember(digest, checked);
    return checked;
  }

  async #check({ name, password }: Credentials & { kind: "basic" }): Promise<Identity | undefined> {
    const user = this.#accounts.users.get(name);
    return (await this.#checks.isRight(password, user?.hash)) ? user?.identity : undefined;
  }

  /** Those who were let in, and meanwhile those who are being checked. */
  #remember(digest: string, checked: Promise<Identity | undefined>): void {
    const forget = (): void => {
      if (this.#remembered.get(digest) === checked) this.#remembered.delete(digest);
    };
    this.#remembered.set(digest, checked);
    checked.then((identity) => identity ?? forget(), forget);
    if (this.#remembered.size > mostRemembered) this.#remembered.delete(this.#remembered.keys().next().value!);
  }

  async #tryReload(file: string): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const texts = await settledTexts([file], this.#texts);
      if (texts !== undefined) this.#use(file, texts);
    } catch (error) {
      this.#modules.onReload?.(error as Error);
    } finally {
      this.#isReading = false;
    }
  }

  #use(file: string, texts: readonly string[]): void {
    const [text = ""] = texts;
    if (text === this.#texts[0]) return;
    const { users, tokens } = loadConfig(Accounts, { text, file });
    const { config, authEnabled } = this.#modules;
    const all = { users: [...config.users, ...users], tokens: [...config.tokens, ...tokens] };
    this.#accounts = new KnownAccounts(all, authEnabled, `${file}: `);
    this.#texts = texts;
    this.#remembered.clear();
    this.#modules.onReload?.(undefined);
  }
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether openssl is there to make certificates; with RATATOSK_REQUIRE_REAL_PARTS=1 it must be. */
export function hasOpenssl(): boolean {
  try {
    openssl("version");
    return true;
  } catch (error) {
    if (process.env["RATATOSK_REQUIRE_REAL_PARTS"] === "1") throw error;
    return false;
  }
}

/** An authority that makes certificates in a folder. */
export class TestAuthority {
  readonly caFile: string;
  readonly #folder: string;
  readonly #keyFile: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.caFile = join(folder, `${name}.pem`);
    this.#keyFile = join(folder, `${name}.key`);
    const extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign"];
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      this.#keyFile,
      "-out",
      this.caFile,
      "-subj",
      `/CN=${name}`,
      ...extensions,
    );
  }

  /** A certificate for servers and clients, good for `names` (`DNS:localhost,IP:127.0.0.1`). */
  issue(name: string, names = "DNS:localhost,IP:127.0.0.1"): { certFile: string; keyFile: string } {
    const file = (ending: string): string => join(this.#folder, `${name}.${ending}`);
    const [certFile, keyFile] = [file("pem"), file("key")];
    openssl("req", ...newKey, "-keyout", keyFile, "-out", file("csr"), "-subj", `/CN=${name}`);
    writeFileSync(file("ext"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    const from = ["-CA", this.caFile, "-CAkey", this.#keyFile, "-CAcreateserial", "-extfile", file("ext")];
    openssl("x509", "-req", "-in", file("csr"), "-out", certFile, "-days", "2", ...from);
    return { certFile, keyFile };
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
}

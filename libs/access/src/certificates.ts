import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ConfigError } from "@ratatosk/config";

export interface CertificateFiles {
  /** Empty or missing: none. */
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly caFile?: string;
}

export interface KeyMaterial {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

export interface CertificatesModules {
  readonly files: CertificateFiles;
  /** What is given as it is, in place of files. */
  readonly given?: KeyMaterial;
  /** How often the files are looked at. */
  readonly periodMs?: number;
  /** Told when the files have changed, and of files that cannot be used, once. */
  readonly onReload?: (error: Error | undefined) => void;
}

const usualPeriodMs = 10_000;

/** Certificates in files. Changed ones come into force together, once certificate and key belong to each other. */
export class Certificates {
  readonly #modules: CertificatesModules;
  readonly #listeners = new Set<(material: KeyMaterial) => void>();
  #material: KeyMaterial;
  #failure = "";
  #timer: NodeJS.Timeout | undefined;

  /** Reads them; throws ConfigError when they cannot be used. */
  constructor(modules: CertificatesModules) {
    this.#modules = modules;
    this.#material = read(modules);
  }

  get current(): KeyMaterial {
    return this.#material;
  }

  /** Calls the listener with each change from now on; returns what ends that. Files are looked at while anybody listens. */
  onChange(listener: (material: KeyMaterial) => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#look(), this.#modules.periodMs ?? usualPeriodMs).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    try {
      const material = read(this.#modules);
      this.#failure = "";
      if (isSame(material, this.#material)) return;
      this.#material = material;
      for (const listener of this.#listeners) listener(material);
      this.#modules.onReload?.(undefined);
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#failure) this.#modules.onReload?.(error as Error);
      this.#failure = message;
    }
  }
}

function read({ files, given }: CertificatesModules): KeyMaterial {
  const { certFile = "", keyFile = "", caFile = "" } = files;
  const material: KeyMaterial = {
    ...given,
    ...(certFile !== "" && { cert: fileAt(certFile) }),
    ...(keyFile !== "" && { key: fileAt(keyFile) }),
    ...(caFile !== "" && { ca: fileAt(caFile) }),
  };
  if ((material.cert === undefined) !== (material.key === undefined))
    throw new ConfigError("a certificate needs a key, and a key a certificate");
  try {
    createSecureContext(material);
  } catch (cause) {
    const named = [certFile, keyFile, caFile].filter((file) => file !== "").join(", ");
    throw new ConfigError(`${named}: no usable certificate: ${(cause as Error).message}`, { cause });
  }
  return material;
}

function fileAt(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

const isSame = (a: KeyMaterial, b: KeyMaterial): boolean =>
  (["cert", "key", "ca"] as const).every(
    (part) => (a[part]?.toString("latin1") ?? "") === (b[part]?.toString("latin1") ?? ""),
  );

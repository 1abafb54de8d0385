import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { inCheckout } from "./checkout.ts";
import { docker } from "./docker.ts";

const base = "ratatosk-e2e-base:latest";

export const images = { ratatosk: "ratatosk-e2e:1", next: "ratatosk-e2e:2", minio: "ratatosk-e2e-minio:latest", base };

/** Makes every image without a registry: a base of this very Node, ours on it in two versions, and MinIO. */
export async function makeImages(minioProgram: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "e2e-images-"));
  try {
    importBase(join(folder, "base"));
    execFileSync("bash", ["deploy/build.sh", images.ratatosk], {
      cwd: inCheckout(""),
      env: { ...process.env, BASE_IMAGE: base },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await build(join(folder, "next"), images.next, `FROM ${images.ratatosk}\nLABEL version=2\n`);
    await build(
      join(folder, "minio"),
      images.minio,
      `FROM scratch\nCOPY minio /\nENTRYPOINT ["/minio"]\n`,
      minioProgram,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Node and the libraries that it and name lookups load. */
function importBase(folder: string): void {
  const node = realpathSync(process.execPath);
  const listed = execFileSync("ldd", [node], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
  const libc = listed.find((path) => basename(path) === "libc.so.6");
  const lookups = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"].map((name) => join(dirname(libc!), name));
  for (const path of [...listed, ...lookups].filter((one) => existsSync(one))) place(folder, path, path);
  place(folder, node, "/usr/local/bin/node");
  mkdirSync(join(folder, "etc"), { recursive: true });
  writeFileSync(join(folder, "etc/nsswitch.conf"), "hosts: files dns\n");
  const change = "ENV PATH=/usr/local/bin:/usr/bin:/bin";
  execFileSync("bash", ["-c", `tar -C "${folder}" -c . | docker import -c "${change}" - ${base}`], { stdio: "ignore" });
}

function place(folder: string, from: string, to: string): void {
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  copyFileSync(from, join(folder, to));
}

async function build(folder: string, name: string, dockerfile: string, ...files: readonly string[]): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
  for (const file of files) cpSync(file, join(folder, basename(file)));
  await docker(["build", "--quiet", "--tag", name, folder]);
}

/** Bytes of an image. */
export async function imageBytes(name: string): Promise<number> {
  return Number(await docker(["image", "inspect", "--format", "{{.Size}}", name]));
}

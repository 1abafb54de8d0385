import { startSwarm } from "./docker.ts";
import { makeImages } from "./images.ts";
import { missingParts, parts } from "./parts.ts";

/** Once, before all tests: an engine, a swarm of one, and the images. They end with the machine (`own-machine.sh`). */
export async function setup(): Promise<void> {
  if (missingParts.length > 0) {
    process.stderr.write(`!!! NOT RUN: the stack on a swarm and on Compose, without ${missingParts.join(", ")}\n`);
    return;
  }
  await startSwarm(parts.dockerd);
  await makeImages(parts.minio);
}

import { fileURLToPath } from "node:url";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const folder = fileURLToPath(new URL("../../../proto", import.meta.url));

const options = { includeDirs: [folder], longs: String, enums: String, defaults: true, arrays: true };

/** The contracts of the folder `proto/`: services as grpc-js serves and calls them. */
export interface Contracts {
  readonly ingester: ServiceDefinition;
  readonly health: ServiceDefinition;
  readonly reflection: ServiceDefinition;
  /** Serialised file descriptors of the packages, by their name: `ratatosk.v1`. */
  readonly descriptors: ReadonlyMap<string, readonly Uint8Array[]>;
}

let loaded: Contracts | undefined;

/** Reads the contracts once. */
export function contracts(): Contracts {
  loaded ??= load();
  return loaded;
}

function load(): Contracts {
  const descriptors = new Map<string, readonly Uint8Array[]>();
  const service = (file: string, name: string): ServiceDefinition => {
    const definitions = loadSync(file, options);
    const types = Object.values(definitions) as unknown as { fileDescriptorProtos?: readonly Uint8Array[] }[];
    const described = types.find(({ fileDescriptorProtos: files }) => Array.isArray(files));
    descriptors.set(name.slice(0, name.lastIndexOf(".")), described?.fileDescriptorProtos ?? []);
    return definitions[name] as unknown as ServiceDefinition;
  };
  return {
    ingester: pushAsBytes(service("ratatosk/v1/ingester.proto", "ratatosk.v1.Ingester")),
    health: service("grpc/health/v1/health.proto", "grpc.health.v1.Health"),
    reflection: service("grpc/reflection/v1/reflection.proto", "grpc.reflection.v1.ServerReflection"),
    descriptors,
  };
}

/** `PushRequest` has one field of many bytes: framing it by hand copies them once. */
function pushAsBytes(definition: ServiceDefinition): ServiceDefinition {
  const push = definition["Push"]!;
  const requestSerialize = ({ batch }: { batch: Uint8Array }): Buffer => framed(batch);
  const requestDeserialize = (bytes: Buffer): { batch: Uint8Array } => ({ batch: unframed(bytes, push) });
  return { ...definition, Push: { ...push, requestSerialize, requestDeserialize } };
}

const batchTag = 0x0a;

function framed(batch: Uint8Array): Buffer {
  const head = [batchTag];
  let length = batch.length;
  for (; length >= 0x80; length = Math.floor(length / 128)) head.push((length & 0x7f) | 0x80);
  head.push(length);
  const message = Buffer.allocUnsafe(head.length + batch.length);
  message.set(head);
  message.set(batch, head.length);
  return message;
}

function unframed(bytes: Buffer, push: ServiceDefinition[string]): Uint8Array {
  let length = 0;
  let at = 1;
  for (let scale = 1; at < Math.min(bytes.length, 6); scale *= 128) {
    const byte = bytes[at++]!;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  if (bytes[0] === batchTag && at + length === bytes.length) return bytes.subarray(at);
  return (push.requestDeserialize(bytes) as { batch: Uint8Array }).batch;
}

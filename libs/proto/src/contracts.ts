import { fileURLToPath } from "node:url";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const folder = fileURLToPath(new URL("../../../proto", import.meta.url));

const options = { includeDirs: [folder], longs: String, enums: String, defaults: true, arrays: true };

/** The contracts of the folder `proto/`: services as grpc-js serves and calls them. */
export interface Contracts {
  readonly ingester: ServiceDefinition;
  readonly querier: ServiceDefinition;
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
  const services = (name: string, ...files: string[]): ((service: string) => ServiceDefinition) => {
    const definitions = loadSync(files, options);
    const types = Object.values(definitions) as unknown as { fileDescriptorProtos?: readonly Uint8Array[] }[];
    const described = types.find(({ fileDescriptorProtos: protos }) => Array.isArray(protos));
    descriptors.set(name, described?.fileDescriptorProtos ?? []);
    return (service) => definitions[`${name}.${service}`] as unknown as ServiceDefinition;
  };
  const own = services("ratatosk.v1", "ratatosk/v1/ingester.proto", "ratatosk/v1/querier.proto");
  return {
    ingester: requestAsBytes(own("Ingester"), "Push", "batch"),
    querier: requestAsBytes(answerAsBytes(own("Querier"), "Scan", "part"), "Scan", "job"),
    health: services("grpc.health.v1", "grpc/health/v1/health.proto")("Health"),
    reflection: services("grpc.reflection.v1", "grpc/reflection/v1/reflection.proto")("ServerReflection"),
    descriptors,
  };
}

/** A request of one field, number 1, of many bytes: framing it by hand copies them once. */
function requestAsBytes(definition: ServiceDefinition, name: string, field: string): ServiceDefinition {
  const method = definition[name]!;
  const requestSerialize = (request: Record<string, Uint8Array>): Buffer => framed(request[field]!);
  const requestDeserialize = (bytes: Buffer): Record<string, Uint8Array> =>
    unframed(bytes, field) ?? (method.requestDeserialize(bytes) as Record<string, Uint8Array>);
  return { ...definition, [name]: { ...method, requestSerialize, requestDeserialize } };
}

/** The same of an answer. */
function answerAsBytes(definition: ServiceDefinition, name: string, field: string): ServiceDefinition {
  const method = definition[name]!;
  const responseSerialize = (answer: Record<string, Uint8Array>): Buffer => framed(answer[field]!);
  const responseDeserialize = (bytes: Buffer): Record<string, Uint8Array> =>
    unframed(bytes, field) ?? (method.responseDeserialize(bytes) as Record<string, Uint8Array>);
  return { ...definition, [name]: { ...method, responseSerialize, responseDeserialize } };
}

const fieldTag = 0x0a;

function framed(content: Uint8Array): Buffer {
  const head = [fieldTag];
  let length = content.length;
  for (; length >= 0x80; length = Math.floor(length / 128)) head.push((length & 0x7f) | 0x80);
  head.push(length);
  const message = Buffer.allocUnsafe(head.length + content.length);
  message.set(head);
  message.set(content, head.length);
  return message;
}

/** The field, undefined where the message holds anything else. */
function unframed(bytes: Buffer, field: string): Record<string, Uint8Array> | undefined {
  let length = 0;
  let at = 1;
  for (let scale = 1; at < Math.min(bytes.length, 6); scale *= 128) {
    const byte = bytes[at++]!;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return bytes[0] === fieldTag && at + length === bytes.length ? { [field]: bytes.subarray(at) } : undefined;
}

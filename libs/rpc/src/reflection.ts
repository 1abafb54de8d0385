import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { contracts } from "@ratatosk/proto";
import type { HandlerFactory } from "./handlers.ts";

interface Question {
  readonly host: string;
  readonly fileByFilename?: string;
  readonly fileContainingSymbol?: string;
  readonly listServices?: string;
}

/** The service `grpc.reflection.v1.ServerReflection`: what can be called here, for grpcurl and the like. */
export function reflectionHandlers(
  services: readonly string[],
  handlers: HandlerFactory,
): UntypedServiceImplementation {
  return {
    ServerReflectionInfo: handlers.duplex(async function* (questions: AsyncIterable<Question>) {
      for await (const question of questions)
        yield { validHost: question.host, originalRequest: question, ...answerTo(question, services) };
    }),
  };
}

function answerTo({ fileContainingSymbol: symbol, listServices }: Question, services: readonly string[]): object {
  const { descriptors } = contracts();
  if (symbol !== undefined) {
    const [, files] = [...descriptors].find(([name]) => symbol.startsWith(`${name}.`)) ?? [];
    return files === undefined ? notFound(symbol) : { fileDescriptorResponse: { fileDescriptorProto: files } };
  }
  if (listServices === undefined) return notFound("file");
  return { listServicesResponse: { service: services.map((name) => ({ name })) } };
}

const notFound = (what: string): object => ({
  errorResponse: { errorCode: status.NOT_FOUND, errorMessage: `${what} is not known here` },
});

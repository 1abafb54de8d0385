export { IngesterClient } from "./ingester-client.ts";
export { clientChannel, type ClientChannel } from "./tls.ts";
export { GrpcServer, type GrpcServerOptions } from "./server.ts";

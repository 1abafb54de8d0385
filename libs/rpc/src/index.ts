export { IngesterClient } from "./ingester-client.ts";
export { GrpcServer, type GrpcServerOptions } from "./server.ts";

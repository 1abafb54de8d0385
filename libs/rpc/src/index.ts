export { IngesterClient } from "./ingester-client.ts";
export { ingesterService } from "./ingester-handlers.ts";
export { QuerierClient } from "./querier-client.ts";
export { querierService } from "./querier-handlers.ts";
export { clientChannel, type ClientChannel } from "./tls.ts";
export { GrpcServer, type GrpcServerOptions, type RpcService } from "./server.ts";

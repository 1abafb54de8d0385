import { GrpcTlsServerConfig, TlsServerConfig } from "@ratatosk/access";
import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

/** `server`: the listeners of a process. */
export const ServerConfig = z.strictObject({
  http_listen_address: z.string().prefault("127.0.0.1").describe("Address of the HTTP listener; 0.0.0.0 for all."),
  http_listen_port: z.number().int().min(0).max(65_535).prefault(3100).describe("Port of the HTTP listener."),
  http_path_prefix: z.string().prefault("").describe("Stands before every path of the HTTP API."),
  http_cors_origins: z
    .array(z.string())
    .prefault([])
    .describe("Origins (https://logs.example.org; * for any) whose pages may read answers in a browser."),
  http_tls_config: TlsServerConfig.prefault({}).describe("TLS of the HTTP listener."),
  http_server_read_timeout: duration.prefault("30s").describe("How long a client may take to send a request."),
  http_server_write_timeout: duration.prefault("2m").describe("How long a client may read nothing of an answer."),
  http_server_idle_timeout: duration.prefault("120s").describe("How long an idle connection is kept."),
  grpc_listen_address: z.string().prefault("127.0.0.1").describe("Address of the gRPC listener; 0.0.0.0 for all."),
  grpc_listen_port: z.number().int().min(0).max(65_535).prefault(9095).describe("Port of the gRPC listener."),
  grpc_tls_config: GrpcTlsServerConfig.prefault({}).describe("TLS of the gRPC listener."),
  grpc_server_max_recv_msg_size: bytes.prefault("100MB").describe("Largest gRPC message taken."),
  graceful_shutdown_timeout: duration.prefault("30s").describe("How long requests under way may take when stopping."),
  profiling_enabled: z
    .boolean()
    .prefault(false)
    .describe("Profiles of the process may be taken at /debug/pprof; they tell paths and names of the code."),
  log_level: z
    .enum(["debug", "info", "warn", "error"])
    .prefault("info")
    .describe("Least severe lines that are logged."),
});
export type ServerConfig = z.infer<typeof ServerConfig>;

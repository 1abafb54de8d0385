import type { ServerConfig } from "./agent-config.ts";
import { readTlsServer } from "./http-client.ts";
import type { YamlNode } from "./yaml-node.ts";

export const serverDefaults: ServerConfig = {
  disable: false,
  address: "",
  port: 80,
  pathPrefix: "",
  externalUrl: "",
  healthCheckTarget: true,
  runtimeReload: false,
  registerInstrumentation: true,
  tls: undefined,
  logLevel: "info",
  gracefulMs: 30_000,
};

/** gRPC carries nothing for an agent; limits and timeouts of the server are its own. */
const ignored = [
  "http_listen_network",
  "http_listen_conn_limit",
  "grpc_listen_network",
  "grpc_listen_address",
  "grpc_listen_port",
  "grpc_listen_conn_limit",
  "tls_cipher_suites",
  "tls_min_version",
  "grpc_tls_config",
  "report_grpc_codes_in_instrumentation_label_enabled",
  "http_server_read_timeout",
  "http_server_read_header_timeout",
  "http_server_write_timeout",
  "http_server_idle_timeout",
  "http_log_closed_connections_without_response_enabled",
  "grpc_server_max_recv_msg_size",
  "grpc_server_max_send_msg_size",
  "grpc_server_max_concurrent_streams",
  "grpc_server_max_connection_idle",
  "grpc_server_max_connection_age",
  "grpc_server_max_connection_age_grace",
  "grpc_server_keepalive_time",
  "grpc_server_keepalive_timeout",
  "grpc_server_min_time_between_pings",
  "grpc_server_ping_without_stream_allowed",
  "grpc_server_num_workers",
  "log_format",
  "log_source_ips_enabled",
  "log_source_ips_header",
  "log_source_ips_regex",
  "log_source_ips_full",
  "log_request_headers",
  "log_request_at_info_level_enabled",
  "log_request_exclude_headers_list",
  "profiling_enabled",
  "proxy_protocol_enabled",
];

/** A `server` block over the settings that hold without it. */
export function readServer(node: YamlNode | undefined, usual: ServerConfig): ServerConfig {
  if (node === undefined) return usual;
  return node.fields((fields) => {
    fields.ignore(...ignored);
    const tls = fields.take("http_tls_config");
    return {
      disable: fields.boolean("disable", usual.disable),
      address: fields.text("http_listen_address", usual.address),
      port: fields.integer("http_listen_port", usual.port),
      pathPrefix: fields.text("http_path_prefix", usual.pathPrefix),
      externalUrl: fields.text("external_url", usual.externalUrl),
      healthCheckTarget: fields.boolean("health_check_target", usual.healthCheckTarget),
      runtimeReload: fields.boolean("enable_runtime_reload", usual.runtimeReload),
      registerInstrumentation: fields.boolean("register_instrumentation", usual.registerInstrumentation),
      tls: tls && !tls.isNull ? readTlsServer(tls) : usual.tls,
      logLevel: fields.text("log_level", usual.logLevel),
      gracefulMs: fields.duration("graceful_shutdown_timeout", usual.gracefulMs),
    };
  });
}

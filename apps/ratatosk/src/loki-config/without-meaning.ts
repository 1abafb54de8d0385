/**
 * Settings of Loki that have no counterpart here, each with all that stands below it; `*` is the rest of a name. What is
 * neither here nor a setting of ours is refused.
 */
export const withoutMeaning: readonly string[] = [
  ...named("", [
    "target ballast_bytes metrics_namespace http_prefix shutdown_delay legacy_read_mode analytics usage_report profiling",
    "frontend frontend_worker query_scheduler query_range query_engine query_frontend queue_scheduler table_manager chunk_store_config",
    "index_gateway ingester_rf1 ingester_rf1_client pattern_ingester memberlist bloom_* kafka_config block_builder",
    "block_scheduler dataobj* operational_config internal_server ui ingest_limits* ruler_storage shared_store metastore* partition_ring",
    "store_gateway overrides_exporter compactor_grpc_client compactor_client metric_aggregation",
  ]),
  ...named("common.", [
    "ring instance_addr instance_interface_names instance_enable_ipv6 instance_id persist_tokens",
    "compactor_address compactor_grpc_address storage.hedging storage.congestion_control storage.object_store storage.filesystem.rules_directory",
    "storage.filesystem.admin_api_directory storage.gcs storage.azure storage.swift storage.bos storage.cos storage.alibabacloud",
  ]),
  ...named("ingester_client.", [
    "pool_config remote_timeout max_parallel_push grpc_client_config.max_recv_msg_size grpc_client_config.max_send_msg_size",
    "grpc_client_config.grpc_compression grpc_client_config.rate_limit* grpc_client_config.backoff_* grpc_client_config.initial_*",
    "grpc_client_config.tls_cipher_suites grpc_client_config.tls_min_version grpc_client_config.connect_* grpc_client_config.cluster_validation",
  ]),
  ...named("storage_config.", [
    "boltdb boltdb_shipper tsdb_shipper index_queries_cache_config index_cache_validity disable_broad_index_queries hedging",
    "max_chunk_batch_size max_parallel_get_chunk named_stores cos congestion_control bloom_shipper object_store use_thanos_objstore",
    "object_prefix grpc_store cassandra bigtable azure gcs bos swift alibabacloud dynamodb aws.dynamodb aws.metrics",
  ]),
  ...named("schema_config.", ["configs"]),
  ...named("tracing.", ["enabled"]),
  ...named("server.", [
    "http_listen_network grpc_listen_network http_listen_conn_limit grpc_listen_conn_limit",
    "http_server_read_header_timeout http_log_closed_connections_without_response_enabled grpc_server_max_send_msg_size",
    "grpc_server_max_concurrent_streams grpc_server_max_connection_* grpc_server_keepalive_* grpc_server_min_time_* grpc_server_ping_*",
    "grpc_server_num_workers grpc_server_stats_* grpc_server_recv_* grpc_collect_max_streams_by_conn log_format log_source_ips_*",
    "log_request_* log_requests_* register_instrumentation report_grpc_codes_in_instrumentation_label_enabled tls_cipher_suites",
    "tls_min_version proxy_protocol_enabled trace_request_headers cluster_validation profiling_enabled",
  ]),
  ...named("distributor.", [
    "ring rate_store write_failures_logging kafka_* ingester_writes_enabled push_worker_count tenant_topic",
    "override_ring_key default_policy* ingest_limits_* pool inflight*",
  ]),
  ...named("ingester.", [
    "lifecycler chunk_target_size chunk_retain_period chunk_encoding concurrent_flushes flush_op_timeout flush_op_backoff",
    "max_transfer_retries sync_period sync_min_utilization autoforget_unhealthy query_store_max_look_back_period index_shards",
    "max_dropped_streams owned_streams_check_interval kafka_ingestion wal.enabled wal.checkpoint_duration",
    "wal.replay_memory_ceiling wal.recover tailer* profiling_enabled query_store_*",
  ]),
  ...named("querier.", [
    "max_concurrent query_ingesters_within extra_query_delay engine query_store_only query_ingester_only query_partition_ingesters",
    "ingester_query_store_max_look_back_period store_queries_for_bloom_* dataobj* cache*",
  ]),
  ...named("compactor.", [
    "working_directory shared_store shared_store_key_prefix retention_delete_worker_count retention_table_timeout",
    "retention_backoff_config delete_batch_size delete_max_interval max_compaction_parallelism upload_parallelism compactor_ring",
    "run_once tables_to_compact skip_latest_n_tables apply_retention_interval delete_request_store_* deletion_mode",
    "horizontal_scaling_mode worker_config jobs_config backup_delete_request_store",
  ]),
  ...named("ruler.", [
    "rule_path ring enable_sharding sharding_strategy sharding_algo wal wal_cleaner search_pending_for flush_period",
    "for_outage_tolerance for_grace_period enable_alertmanager_v2 enable_alertmanager_discovery alertmanager_refresh_interval",
    "alertmanager_client notification_queue_capacity evaluation disable_rule_group_label query_stats_enabled external_labels",
    "enabled_tenants disabled_tenants ruler_client max_jitter storage remote_write.config_refresh_period remote_write.add_org_id_header",
  ]),
  ...named("limits_config.", [
    "max_query_parallelism max_queriers_per_tenant max_queriers_per_user split_metadata_queries_by_interval max_querier_capacity",
    "split_recent_metadata_queries_by_interval split_instant_metric_queries_by_interval split_ingester_queries_by_interval",
    "min_sharding_lookback tsdb_* max_stats_cache_freshness max_metadata_cache_freshness recent_metadata_query_window allow_deletes",
    "ruler_tenant_shard_size ruler_remote_write_* ruler_remote_evaluation_* ruler_alertmanager_config ruler_evaluation_delay_duration",
    "ruler_enable_wal_replay index_gateway_shard_size bloom_* simulated_push_latency use_owned_stream_count pattern_ingester_*",
    "pattern_rate_threshold query_ready_index_num_days per_tenant_override_config per_tenant_override_period enforce_metric_name",
    "max_query_capacity shard_streams.time_sharding_* shard_streams.logging_enabled ingestion_partitions_tenant_shard_size",
    "s3_sse_* sse_* discover_generic_fields_* metrics_* debug_engine_* enable_multi_variant_queries max_cache_freshness",
    "log_push_request log_push_request_streams log_duplicate_* log_service_name_discovery log_stream_creation",
  ]),
];

function named(section: string, lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(" ")).map((name) => `${section}${name}`);
}

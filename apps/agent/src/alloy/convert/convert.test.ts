import { expect, test } from "vitest";
import { convertPromtail } from "./convert.ts";
import { durationText, sizeText } from "./writer.ts";

const base = `
positions:
  filename: /tmp/positions.yaml
clients:
  - url: http://loki:3100/loki/api/v1/push
scrape_configs:
- job_name: system
  static_configs:
  - targets: [localhost]
    labels:
      job: varlogs
      __path__: /var/log/*log
`;

test("files to one server", () => {
  expect(convertPromtail(base, "p.yaml").output).toBe(`loki.source.file "system" {
	targets = [{
		__address__ = "localhost",
		__path__    = "/var/log/*log",
		job         = "varlogs",
	}]
	forward_to = [loki.write.default.receiver]

	file_match {
		enabled = true
	}
	legacy_positions_file = "/tmp/positions.yaml"
}

loki.write "default" {
	endpoint {
		url = "http://loki:3100/loki/api/v1/push"
	}
	external_labels = {}
}
`);
});

test("a source that this agent has not is an error, and left out where errors are bypassed", () => {
  const text = `${base}- job_name: queue\n  kafka: {brokers: [b], topics: [t]}\n`;
  const { output, problems } = convertPromtail(text, "p.yaml");
  expect(problems).toContainEqual({
    severity: "Error",
    message: "kafka of job queue is not supported and not read",
  });
  expect(output).toBe(convertPromtail(base, "p.yaml").output);
});

test("containers with rules and stages", () => {
  const text = `
clients: [{url: "http://a/push", batchwait: 2s, basic_auth: {username: u, password: p}}]
scrape_configs:
- job_name: 1-docker
  docker_sd_configs: [{host: "unix:///var/run/docker.sock", refresh_interval: 5s}]
  relabel_configs: [{source_labels: [__meta_docker_container_name], regex: '/(.*)', target_label: container}]
  pipeline_stages: [{docker: {}}, {labels: {level: }}]
`;
  expect(convertPromtail(text, "p.yaml").output).toBe(`discovery.docker "_1_docker" {
	host             = "unix:///var/run/docker.sock"
	refresh_interval = "5s"
}

loki.process "_1_docker" {
	forward_to = [loki.write.default.receiver]

	stage.docker { }

	stage.labels {
		values = {
			level = null,
		}
	}
}

discovery.relabel "_1_docker" {
	targets = []

	rule {
		source_labels = ["__meta_docker_container_name"]
		regex         = "/(.*)"
		target_label  = "container"
	}
}

loki.source.docker "_1_docker" {
	host             = "unix:///var/run/docker.sock"
	targets          = discovery.docker._1_docker.targets
	forward_to       = [loki.process._1_docker.receiver]
	relabel_rules    = discovery.relabel._1_docker.rules
	refresh_interval = "5s"
}

loki.write "default" {
	endpoint {
		url        = "http://a/push"
		batch_wait = "2s"

		basic_auth {
			username = "u"
			password = "p"
		}
	}
	external_labels = {}
}
`);
});

test("two jobs whose names make one label get different ones", () => {
  const jobs =
    base +
    base.slice(base.indexOf("- job_name")).replace("system", "sys.tem").replace("job_name: sys", "job_name: sys");
  const twice = jobs + base.slice(base.indexOf("- job_name")).replace("system", "sys-tem");
  expect(convertPromtail(twice, "p.yaml").output.match(/loki\.source\.file "\w+"/g)).toEqual([
    'loki.source.file "system"',
    'loki.source.file "sys_tem"',
    'loki.source.file "sys_tem_2"',
  ]);
});

test.each([
  [`${base}wal: {enabled: true}\n`, "Error", "WAL"],
  ["scrape_configs: [\n", "Critical", "yaml"],
  [`${base}  pipeline_stages: [{parse: {}}]\n`, "Critical", "parse"],
  [base, "Warning", "names of metrics"],
])("problems of %s", (text, severity, words) => {
  const { problems } = convertPromtail(text, "p.yaml");
  expect(problems).toContainEqual({ severity, message: expect.stringContaining(words) });
});

test.each([
  [500, "500ms"],
  [2000, "2s"],
  [60_000, "1m0s"],
  [86_400_000, "24h0m0s"],
  [1500, "1.5s"],
])("%d ms is %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [0, "0B"],
  [2048, "2KiB"],
  [1500, "1KiB476B"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

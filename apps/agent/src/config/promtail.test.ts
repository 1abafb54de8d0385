import { expect, test } from "vitest";
import { containersConfig } from "./base-config.ts";
import { noFlags } from "./flags.ts";
import { parsePromtailConfig } from "./promtail.ts";
import { relabel } from "../relabel.ts";

const client = "clients: [{url: 'http://loki/push'}]\n";
const parse = (text: string): ReturnType<typeof parsePromtailConfig> => parsePromtailConfig(text, "p.yaml", noFlags());

test.each([
  ["scrape_config: []", "p.yaml: yaml: unmarshal errors:\n  line 2: field scrape_config not found"],
  ["scrape_configs: [{static_configs: []}]", "line 2: job_name is empty or missing"],
  ["limits_config: *nowhere", "p.yaml: yaml: line 2: unknown anchor 'nowhere' referenced"],
  ["server: &s {<<: *s}", "p.yaml: yaml: line 2: anchor 's' value contains itself"],
  ["<<: ", "line 2: map merge requires map or sequence of maps as the value"],
  ["limits_config: {max_line_size: 5 miles}", 'not a valid byte size: "5 miles"'],
  ["scrape_configs: [{job_name: j, relabel_configs: [{action: copy}]}]", 'unknown relabel action "copy"'],
])("%s is refused", (text, message) => {
  expect(() => parse(client + text)).toThrow(message);
});

test.each(["services", "tasks", "nodes"])("a swarm is asked for its %s", (role) => {
  const job = parse(
    `${client}scrape_configs: [{job_name: j, dockerswarm_sd_configs: [{host: "unix:///s", role: ${role}}]}]`,
  ).jobs[0]!;
  expect(job.source).toMatchObject({ kind: "files", swarmSds: [{ role }] });
});

test("aliases that would fill the memory are refused", () => {
  const tenfold = (name: string, of: string): string => `${name}: &${name} [${Array(10).fill(of).join()}]\n`;
  const text = "bcdefghi"
    .split("")
    .map((name, i) => tenfold(name, `*${"abcdefgh"[i]}`))
    .join("");
  expect(() => parse(`${client}x: &a 1\n${text}`)).toThrow("excessive aliasing");
});

test.each([
  ["shop_api.2.k3j9", "shop_api", { container: "shop_api.2", task_slot: "2", service: "shop_api", stack: "shop" }],
  ["agent.n0de.k3j9", "agent", { container: "agent", service: "agent", stack: "shop" }],
])("without a configuration the container of task %s has labels that stay few", (task, service, labels) => {
  const text = containersConfig({ url: "http://loki/push", directory: "/data" }, "node-1");
  const { relabelRules } = parse(text).jobs[0]!;
  const found = new Map([
    ["__meta_docker_container_name", `/${task}`],
    ["__meta_docker_container_log_stream", "stdout"],
    ["__meta_docker_container_label_com_docker_swarm_service_name", service],
    ["__meta_docker_container_label_com_docker_swarm_task_name", task],
    ["__meta_docker_container_label_com_docker_stack_namespace", "shop"],
  ]);
  const shown = [...relabel(found, relabelRules)!].filter(([name]) => !name.startsWith("__"));
  expect(Object.fromEntries(shown)).toEqual({ ...labels, node: "node-1", stream: "stdout" });
});

import type { Entry } from "../../entry.ts";
import type { Lines, Outlet } from "../../lines.ts";
import { labelText } from "../../push/client.ts";
import type { ComponentKind } from "../component.ts";
import { Receiver } from "../receiver.ts";
import { type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";

const echoSchema = schema({});
type Args = typeof echoSchema extends Schema<infer T> ? T : never;

/** `loki.echo`: entries in the agent's own log. */
export const lokiEcho: ComponentKind<Shared, Args> = {
  name: "loki.echo",
  role: "writer",
  schema: echoSchema,
  create: ({ id, publish, log }) => {
    const receiver = new Receiver(id);
    const echo = (labels: ReadonlyMap<string, string>, line: string): void =>
      log.info({ receiver: id, labels: labelText(labels, {}), entry: line }, "entry");
    receiver.goal = {
      lines({ labels, bytes, starts, ends, count }: Lines) {
        for (let i = 0; i < count; i++) echo(labels, Buffer.from(bytes.subarray(starts[i], ends[i])).toString());
      },
      entry: (entry: Entry) => echo(entry.labels, entry.text),
      ready: () => undefined,
    } satisfies Outlet;
    publish(new Map([["receiver", receiver.capsule]]));
    return { update: () => undefined };
  },
};

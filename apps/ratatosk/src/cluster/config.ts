import { TlsClientConfig } from "@ratatosk/access";
import { duration } from "@ratatosk/config";
import { z } from "zod";

/** `cluster`: the processes of a system whose roles are apart. */
export const ClusterConfig = z.strictObject({
  members: z
    .array(z.string().regex(/^(dns\+)?.+:\d+$/, "expected HOST:PORT or dns+HOST:PORT"))
    .prefault([])
    .describe(
      "HTTP addresses of all processes, which the page Operate shows together; dns+tasks.ingester:3100 for all that a name stands for.",
    ),
  health_period: duration
    .prefault("10s")
    .describe("How often names are looked up and members asked whether they are ready."),
  tls_config: TlsClientConfig.prefault({}).describe("TLS of requests to members."),
});
export type ClusterConfig = z.infer<typeof ClusterConfig>;

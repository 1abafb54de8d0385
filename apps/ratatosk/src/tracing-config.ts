import { secret } from "@ratatosk/config";
import { z } from "zod";

/** `tracing`: spans of what the process does, sent by OTLP. */
export const TracingConfig = z.strictObject({
  endpoint: z
    .string()
    .refine((url) => url === "" || /^https?:\/\/./.test(url), "expected http://HOST:PORT/PATH")
    .prefault("")
    .describe("Where spans are sent, OTLP over HTTP: http://tempo:4318/v1/traces; empty for no tracing."),
  headers: z.record(z.string(), secret).prefault({}).describe("Headers sent along, such as Authorization."),
  sampling: z
    .number()
    .min(0)
    .max(1)
    .prefault(1)
    .describe(
      "Share of the traces begun here that is sent; those that a caller began are sent where the caller says so.",
    ),
});
export type TracingConfig = z.infer<typeof TracingConfig>;

import type { SpanStart, Span, Tracer } from "./span.ts";

export interface TracerOptions {
  /** The URL of OTLP over HTTP. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The share of traces begun here that is sent. */
  readonly sampling: number;
  /** What the process is: `service.name` and so on. */
  readonly resource: Readonly<Record<string, string>>;
  /** Told why spans could not be sent. */
  readonly onError: (message: string) => void;
}

/** Makes spans and sends them by OTLP. */
export interface ExportingTracer extends Tracer {
  /** Sends what is left; resolves however that ends. */
  close(): Promise<void>;
}

/** Opens the exporter of OpenTelemetry's SDK, which is loaded here and by nothing else. */
export async function openTracer(options: TracerOptions): Promise<ExportingTracer> {
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const { endpoint: url, headers, sampling, resource, onError } = options;
  const tell = (message: string): void => onError(plain(message));
  const told = { error: tell, warn: tell, info: ignored, debug: ignored, verbose: ignored };
  api.diag.setLogger(told, { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: sendingMs });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes(resource),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampling) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("ratatosk");
  const kinds = { internal: api.SpanKind.INTERNAL, server: api.SpanKind.SERVER };

  return {
    begin({ name, kind = "internal", parent, attributes = {} }: SpanStart): Span {
      const context =
        parent === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, remote(parent));
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, context);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
        set: (more) => void span.setAttributes(more),
        end(failure) {
          if (failure !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: failure });
          span.end();
        },
      };
    },
    close: () => provider.shutdown().catch(ignored),
  };
}

/** The SDK tells of an error as JSON, stack and all. */
function plain(message: string): string {
  try {
    return (JSON.parse(message) as { message?: string }).message ?? message;
  } catch {
    return message;
  }
}

/** How long one sending may take; at the end of the process it is waited for. */
const sendingMs = 5000;

const ignored = (): void => undefined;

/** What a sound `traceparent` says. */
function remote(traceparent: string): { traceId: string; spanId: string; traceFlags: number; isRemote: boolean } {
  const [, traceId = "", spanId = "", flags = "0"] = traceparent.split("-");
  return { traceId, spanId, traceFlags: parseInt(flags, 16) & 1, isRemote: true };
}

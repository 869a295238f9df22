import { addProcessMetrics } from "./process-metrics.ts";
import { bufferedOutput } from "./buffered-output.ts";
import { createLogger } from "./logger.ts";
import { createOtlpExporter } from "./otlp-exporter.ts";
import { Registry } from "./metrics.ts";
import { Tracer } from "./tracer.ts";
import type { BaseConfig } from "../config/config.ts";
import type { Logger, LogOutput } from "./logger.ts";
import type { SpanSink } from "./tracer.ts";

/** What a service says about itself. */
export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer: Tracer;
  /** Sends what still waits. */
  close(): Promise<void>;
}

export interface TelemetryOptions {
  readonly name: string;
  readonly version: string;
  readonly config: Pick<BaseConfig, "LOG_LEVEL" | "OTEL_EXPORTER_OTLP_ENDPOINT">;
  /** Standard output unless told otherwise. */
  readonly output?: LogOutput;
  /** In place of the collector, for tests. */
  readonly spans?: SpanSink;
}

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { name, version, config } = options;
  const buffered = options.output ? undefined : bufferedOutput(process.stdout);
  const output = options.output ?? buffered ?? process.stdout;
  const log = createLogger({ level: config.LOG_LEVEL, output, fields: { service: name, version } });
  const metrics = new Registry();
  metrics
    .gauge({ name: "service_info", help: "Which version runs.", labels: ["name", "version"] })
    .set(1, { name, version });
  const process_ = addProcessMetrics(metrics);
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const exporter =
    endpoint === undefined || options.spans
      ? undefined
      : createOtlpExporter({
          endpoint,
          name,
          version,
          metrics,
          onProblem: (error) => log.warn("spans cannot be sent; further ones are dropped silently", { error }),
        });
  return {
    log,
    metrics,
    tracer: new Tracer(options.spans ?? exporter),
    close: async () => {
      process_.close();
      await exporter?.close();
      buffered?.flush();
    },
  };
}

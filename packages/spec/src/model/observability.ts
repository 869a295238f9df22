import { defaulted, optional, record, text } from "../schema/build.ts";

const retention = record("How long it is kept", {
  metrics: defaulted(text("Metrics", { format: "time-span" }), "15d"),
  logs: defaulted(text("Logs", { format: "time-span" }), "30d"),
  traces: defaulted(text("Traces", { format: "time-span" }), "7d"),
});

export const observability = record("Metrics, logs and traces", {
  retention: defaulted(retention, {}),
  sampling: defaulted(text("Share of the traces that are kept, in percent", { format: "percentage" }), "10"),
  export: optional(
    text("Where all of it goes besides, by OTLP: Datadog, New Relic, Splunk or another", {
      format: "http-url",
      example: "https://otlp.eu01.nr-data.net",
    }),
  ),
});

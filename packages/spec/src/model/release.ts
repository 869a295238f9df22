import {
  choice,
  countOrPercent,
  defaulted,
  flag,
  integer,
  list,
  optional,
  record,
  required,
  text,
  variant,
} from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";

export const objectives = record(
  "What the new version has to keep to while it takes over; measured by Prometheus",
  {
    successRate: optional(
      text("Least share of requests without a server error, in percent", { format: "percentage", example: 99.5 }),
    ),
    p95: optional(text("Longest that 95 % of the requests may take", { format: "time-span", example: "300ms" })),
    p99: optional(text("Longest that 99 % of the requests may take", { format: "time-span", example: "800ms" })),
    interval: defaulted(text("Time between two measurements", { format: "time-span" }), "1m"),
    window: defaulted(text("Span of time that is looked at for each measurement", { format: "time-span" }), "2m"),
    failuresAllowed: defaulted(
      integer("Failed measurements that are forgiven before the release goes back", { minimum: 0, maximum: 100 }),
      1,
    ),
  },
  { example: { successRate: 99.5, p95: "300ms" } },
);

export const canaryStep = record("One step of a canary", {
  weight: required(integer("Share of the traffic that the new version gets, in percent", { minimum: 0, maximum: 100 })),
  hold: optional(
    text("How long the share is kept before the next step; without it the release waits for a person", {
      format: "duration",
      example: "15m",
    }),
  ),
});

const rolling = record("New pods replace old ones a few at a time", {
  maxSurge: defaulted(countOrPercent("Pods that may exist beyond the wanted number", { example: "25%" }), "25%"),
  maxUnavailable: defaulted(countOrPercent("Pods that may be missing meanwhile", { example: 0 }), 0),
});

const canary = record("A growing share of the traffic goes to the new version, as long as it keeps to its objectives", {
  steps: defaulted(
    list("The shares in their order; the last step is always all of it", canaryStep, {
      minimumItems: 1,
      maximumItems: 50,
    }),
    [
      { weight: 5, hold: "15m" },
      { weight: 50, hold: "5m" },
    ],
  ),
  slo: defaulted(objectives, { successRate: "99" }),
});

const blueGreen = record(
  "The new version stands beside the old one, and takes all traffic at once after it was validated",
  {
    soak: defaulted(text("How long the new version is watched before it takes over", { format: "duration" }), "5m"),
    preview: optional(
      text("Host name where the new version can be looked at meanwhile", {
        format: "dns-name",
        example: "preview.shop.example.com",
      }),
    ),
    autoPromote: defaulted(flag("Switch without asking a person"), false),
    scaleDownAfter: defaulted(
      text("How long the old version is kept for a quick way back", { format: "duration" }),
      "10m",
    ),
    slo: defaulted(objectives, { successRate: "99" }),
  },
);

export const release = variant(
  "How a new version takes over from the old one",
  "strategy",
  { rolling, canary, "blue-green": blueGreen },
  {
    defaultVariant: "rolling",
    example: {
      strategy: "canary",
      steps: [
        { weight: 5, hold: "15m" },
        { weight: 50, hold: "5m" },
      ],
      slo: { successRate: 99.5, p95: "300ms" },
    },
  },
);

export type Release = Infer<typeof release>;

export const tier = choice("How much depends on the service: decides priorities, alerts and who may approve", [
  "critical",
  "standard",
  "experimental",
]);

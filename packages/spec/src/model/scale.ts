import { choice, defaulted, integer, list, map, optional, record, required, text } from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";

const trigger = record("A trigger of KEDA: pods are added for something other than their own load", {
  type: required(
    choice("What is measured", [
      "cron",
      "kafka",
      "nats-jetstream",
      "postgresql",
      "prometheus",
      "rabbitmq",
      "redis",
      "aws-sqs-queue",
      "gcp-pubsub",
      "azure-servicebus",
    ]),
  ),
  metadata: required(map("Settings of the trigger, as KEDA documents them", text("A value"), { keyFormat: "key" })),
});

export const scaleFields = {
  min: defaulted(integer("Fewest pods", { minimum: 0, maximum: 1_000 }), 2),
  max: defaulted(integer("Most pods", { minimum: 1, maximum: 1_000 }), 10),
  cpu: defaulted(
    integer("Processor use that the number of pods is steered to, in percent of what they request", {
      minimum: 1,
      maximum: 100,
    }),
    70,
  ),
  memory: optional(integer("The same for memory", { minimum: 1, maximum: 100 })),
  triggers: defaulted(list("Triggers of KEDA besides", trigger, { maximumItems: 20 }), []),
  vertical: defaulted(
    choice("Whether the vertical autoscaler only recommends resources, or sets them", ["off", "recommend", "auto"]),
    "recommend",
  ),
};

export const scale = record("How many pods run", scaleFields, { example: { min: 2, max: 10, cpu: 70 } });

export type Scale = Infer<typeof scale>;

const amounts = {
  cpu: text("Processor", { format: "cpu", example: "250m" }),
  memory: text("Memory", { format: "bytes", example: "256Mi" }),
};

export const requestFields = { cpu: defaulted(amounts.cpu, "100m"), memory: defaulted(amounts.memory, "256Mi") };
export const limitFields = { cpu: defaulted(amounts.cpu, "1"), memory: defaulted(amounts.memory, "512Mi") };

export const resources = record(
  "What each pod is given",
  {
    requests: defaulted(record("What a pod is sure to have; the scheduler counts with it", requestFields), {}),
    limits: defaulted(record("What a pod may use at most", limitFields), {}),
  },
  { example: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } } },
);

export type Resources = Infer<typeof resources>;

type Schema = { readonly [key: string]: unknown };

const record = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: "object",
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
});

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const count = (minimum: number): Schema => ({ type: "integer", minimum });
const percent: Schema = { type: "integer", minimum: 1, maximum: 100 };
const countOrPercent: Schema = {
  anyOf: [count(0), { type: "string", pattern: "^[0-9]+%$" }],
};
const quantity: Schema = { type: ["string", "number"], pattern: "^[0-9.]+(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$" };
const amounts = record({ cpu: quantity, memory: quantity });

const schema: Schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  ...record({
    global: { type: "object" },
    image: record({
      registry: text,
      version: text,
      digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
    }),
    autoscaling: record({ enabled: flag, min: count(1), max: count(1), cpu: percent, memory: percent }, [
      "enabled",
      "min",
      "max",
      "cpu",
    ]),
    replicas: count(0),
    rollout: record({ maxSurge: countOrPercent, maxUnavailable: countOrPercent }),
    resources: record({ requests: amounts, limits: amounts }),
    env: { type: "object", additionalProperties: text },
    nodes: record({ pool: text, spot: flag }),
  }),
};

/** A slip in an environment's file is seen when it is rendered. The same for all charts. */
export const valuesSchemaText = `${JSON.stringify(schema, undefined, 2)}\n`;

/** The kinds whose writes are recorded. */
export interface RecordedKind {
  readonly kind: string;
  readonly apiVersion: string;
  readonly plural: string;
  readonly schemaName: string;
  readonly custom?: true;
}

export const KINDS: readonly RecordedKind[] = [
  { kind: "ConfigMap", apiVersion: "v1", plural: "configmaps", schemaName: "io.k8s.api.core.v1.ConfigMap" },
  { kind: "Service", apiVersion: "v1", plural: "services", schemaName: "io.k8s.api.core.v1.Service" },
  { kind: "Deployment", apiVersion: "apps/v1", plural: "deployments", schemaName: "io.k8s.api.apps.v1.Deployment" },
  {
    kind: "NetworkPolicy",
    apiVersion: "networking.k8s.io/v1",
    plural: "networkpolicies",
    schemaName: "io.k8s.api.networking.v1.NetworkPolicy",
  },
  {
    kind: "Thing",
    apiVersion: "writes.example.com/v1",
    plural: "things",
    schemaName: "com.example.writes.v1.Thing",
    custom: true,
  },
];

const TEXT = { type: "string" };

/** A custom kind with every way of merging. */
export const THING_DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.writes.example.com" },
  spec: {
    group: "writes.example.com",
    names: { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: { type: "integer" },
                  ratio: { type: "number" },
                  on: { type: "boolean" },
                  note: { ...TEXT, nullable: true },
                  port: { "x-kubernetes-int-or-string": true },
                  tags: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
                  steps: { type: "array", items: TEXT },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name", "zone"],
                    items: {
                      type: "object",
                      required: ["name", "zone"],
                      properties: {
                        name: TEXT,
                        zone: TEXT,
                        weight: { type: "integer" },
                        labels: { type: "object", additionalProperties: TEXT },
                      },
                    },
                  },
                  whole: { type: "object", "x-kubernetes-map-type": "atomic", properties: { a: TEXT, b: TEXT } },
                  map: {
                    type: "object",
                    additionalProperties: { type: "object", properties: { x: { type: "integer" } } },
                  },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  half: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { known: TEXT } },
                },
              },
              status: { type: "object", properties: { phase: TEXT, count: { type: "integer" } } },
            },
          },
        },
      },
    ],
  },
};

import type { EndpointSlice } from "../../schema/data/types/discovery-v1.ts";
import { defineKind } from "../define-kind.ts";

export const endpointSlice = defineKind<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  generationOf: ["addressType", "endpoints", "ports"],
  setDefaults: ({ ports }) => {
    for (const port of ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
});

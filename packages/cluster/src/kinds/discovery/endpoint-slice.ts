import type { EndpointSlice } from "../../schema/data/types/discovery-v1.ts";
import { listText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "../endpoints/validate-slice.ts";

const SHOWN_MAX = 3;

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
  updateChecks: ["new", "rest"],
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  cells: {
    AddressType: ({ addressType }) => addressType,
    Ports: ({ ports }) =>
      listText(
        (ports ?? []).map(({ port, name }) => String(port ?? name ?? "*")),
        SHOWN_MAX,
        "<unset>",
      ),
    Endpoints: ({ endpoints }) =>
      listText(
        (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []),
        SHOWN_MAX,
        "<unset>",
      ),
  },
});

import type { EndpointSlice } from "../../schema/data/types/discovery-v1.ts";
import { listText } from "../cells/text.ts";
import { equalJson } from "../../object/json-value.ts";
import { addressWarnings } from "../warnings/addresses.ts";
import { defineKind } from "../define-kind.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "../endpoints/validate-slice.ts";

const SHOWN_MAX = 3;
/** They write no address in a way of its own. */
const ownManagers = new Set(["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"]);

export const endpointSlice = defineKind<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  nullWhenEmpty: ["endpoints"],
  generationOf: [],
  setDefaults: ({ ports }) => {
    for (const port of ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
  prepareForCreate: dropTopology,
  prepareForUpdate: (next, current) => {
    const changes = (["addressType", "endpoints", "ports"] as const).some(
      (name) => !equalJson(next[name], current[name]),
    );
    if (changes || !equalJson(next.metadata.labels, current.metadata.labels))
      next.metadata.generation = (current.metadata.generation ?? 0) + 1;
    if (!equalJson(next.endpoints, current.endpoints)) dropTopology(next);
  },
  warnings: ({ metadata, addressType, endpoints }, current) => [
    ...(addressType === "FQDN" && !current ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
    ...(ownManagers.has(metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? "")
      ? []
      : (endpoints ?? []).flatMap(({ addresses }, index) =>
          addressWarnings(addresses ?? [], `endpoints[${index}].addresses`),
        )),
  ],
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

/** Of the version before this one: nobody writes it any more. */
function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

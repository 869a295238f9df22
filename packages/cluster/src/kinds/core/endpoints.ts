import type { Endpoints } from "../../schema/data/types/core-v1.ts";
import { listText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { addressWarning } from "../warnings/addresses.ts";
import { validateEndpoints, validateEndpointsUpdate } from "../endpoints/validate.ts";

const SHOWN_MAX = 3;

export const endpoints = defineKind<Endpoints>({
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  shortNames: ["ep"],
  setDefaults: ({ subsets }) => {
    for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ??= "TCP";
  },
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  createsOnUpdate: true,
  updateChecks: ["change", "new", "rest"],
  validate: validateEndpoints,
  validateUpdate: validateEndpointsUpdate,
  warnings: ({ subsets }) =>
    (subsets ?? []).flatMap((subset, index) =>
      (["addresses", "notReadyAddresses"] as const).flatMap((list) =>
        (subset[list] ?? []).flatMap(({ ip }, place) => addressWarning(ip, `subsets[${index}].${list}[${place}].ip`)),
      ),
    ),
  cells: {
    Endpoints: ({ subsets }) => {
      const list = (subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
        ports.length === 0
          ? addresses.map(({ ip }) => ip)
          : ports.flatMap(({ port }) =>
              addresses.map(({ ip }) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)),
            ),
      );
      return subsets?.length ? listText(list, SHOWN_MAX, "") : "<none>";
    },
  },
});

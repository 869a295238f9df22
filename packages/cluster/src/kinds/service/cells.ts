import type { Service } from "../../schema/data/types/core-v1.ts";
import { addressesText, labelsText } from "../cells/text.ts";
import type { Cell } from "../columns.ts";

export const serviceCells: Readonly<Record<string, Cell<Service>>> = {
  Type: ({ spec }) => spec.type ?? "",
  "Cluster-IP": ({ spec }) => spec.clusterIPs?.[0] ?? "<none>",
  "External-IP": externalAddresses,
  "Port(s)": ({ spec }) => {
    const ports = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    );
    return ports.join(",") || "<none>";
  },
  Selector: ({ spec }) => labelsText(spec.selector),
};

function externalAddresses({ spec, status }: Service): string {
  const own = spec.externalIPs ?? [];
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  if (spec.type !== "LoadBalancer") return own.join(",") || "<none>";
  const balanced = addressesText(status.loadBalancer.ingress);
  return [...(balanced === "" ? [] : [balanced]), ...own].join(",") || "<pending>";
}

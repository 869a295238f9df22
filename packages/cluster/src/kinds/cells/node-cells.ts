import { compareBytes } from "../../object/go-text.ts";
import type { Node } from "../../schema/data/types/core-v1.ts";
import type { Cell } from "../columns.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

export const nodeCells: Readonly<Record<string, Cell<Node>>> = {
  Status: ({ spec, status }) => {
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    const state = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
    return spec.unschedulable ? `${state},SchedulingDisabled` : state;
  },
  Roles: ({ metadata }) => {
    const roles = Object.entries(metadata.labels ?? {}).map(([key, value]) =>
      key.startsWith(ROLE_PREFIX) ? key.slice(ROLE_PREFIX.length) : key === ROLE_LABEL ? value : "",
    );
    return [...new Set(roles)].filter(Boolean).toSorted(compareBytes).join(",") || "<none>";
  },
  Version: ({ status }) => status.nodeInfo.kubeletVersion,
  "Internal-IP": (node) => addressOf(node, "InternalIP"),
  "External-IP": (node) => addressOf(node, "ExternalIP"),
  "OS-Image": ({ status }) => status.nodeInfo.osImage || "<unknown>",
  "Kernel-Version": ({ status }) => status.nodeInfo.kernelVersion || "<unknown>",
  "Container-Runtime": ({ status }) => status.nodeInfo.containerRuntimeVersion || "<unknown>",
};

function addressOf({ status }: Node, type: string): string {
  return status.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}

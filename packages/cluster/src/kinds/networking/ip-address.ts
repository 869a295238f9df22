import type { IPAddress } from "../../schema/data/types/networking-v1.ts";
import { defineKind } from "../define-kind.ts";
import { addressName, validateIpAddress, validateIpAddressUpdate } from "./validate.ts";

export const ipAddress = defineKind<IPAddress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IPAddress",
  plural: "ipaddresses",
  shortNames: ["ip"],
  namespaced: false,
  nameRule: addressName,
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateIpAddress,
  validateUpdate: validateIpAddressUpdate,
  cells: {
    ParentRef: ({ spec: { parentRef } }) => {
      if (!parentRef) return "<none>";
      const resource = parentRef.group ? `${parentRef.resource}.${parentRef.group}` : (parentRef.resource ?? "");
      return [resource.toLowerCase(), ...(parentRef.namespace ? [parentRef.namespace] : []), parentRef.name].join("/");
    },
  },
});

import type { FieldError } from "../../object/field-error.ts";
import type { Service, ServicePort } from "../../schema/data/types/core-v1.ts";
import { duplicate, eachInvalid, forbidden, notSupported, required } from "../validation/errors.ts";
import { dnsLabel, qualifiedName } from "../validation/names.ts";
import { portNumber, portNumberOrName } from "../validation/numbers.ts";

const protocols = ["SCTP", "TCP", "UDP"];

export function validatePorts(ports: readonly ServicePort[], field: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const place = `${field}[${index}]`;
    const { name = "", protocol = "", appProtocol } = port;
    const errors: FieldError[] = [];
    if (name !== "") {
      errors.push(...eachInvalid(`${place}.name`, name, dnsLabel(name)));
      if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
      names.add(name);
    } else if (ports.length > 1) errors.push(required(`${place}.name`));
    errors.push(...eachInvalid(`${place}.port`, port.port, portNumber(port.port)));
    if (protocol === "") errors.push(required(`${place}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${place}.protocol`, protocol, protocols));
    errors.push(...portNumberOrName(port.targetPort, `${place}.targetPort`));
    if (appProtocol !== undefined)
      errors.push(...eachInvalid(`${place}.appProtocol`, appProtocol, qualifiedName(appProtocol)));
    return errors;
  });
}

/** No port twice, neither of the service nor of the nodes. */
export function validatePortUse({ spec }: Service, field: string): FieldError[] {
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [];
  if (spec.type === "ClusterIP") {
    for (const [index, { nodePort = 0 }] of ports.entries())
      if (nodePort !== 0)
        errors.push(forbidden(`${field}[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  }
  const nodePorts = new Set<string>();
  for (const [index, { protocol = "", nodePort = 0 }] of ports.entries()) {
    if (nodePort === 0) continue;
    const key = `${protocol} ${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(`${field}[${index}].nodePort`, nodePort));
    nodePorts.add(key);
  }
  const own = new Set<string>();
  for (const [index, { protocol = "", port }] of ports.entries()) {
    const key = `${protocol} ${port}`;
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (own.has(key)) errors.push(duplicate(`${field}[${index}]`, shown));
    own.add(key);
  }
  return errors;
}

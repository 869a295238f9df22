import type { KubeObject } from "../../object/kube-object.ts";

export interface Service extends KubeObject {
  spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly ipFamilies?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
    readonly publishNotReadyAddresses?: boolean;
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === "None";
}

export function hasSelector(service: Service): boolean {
  return service.spec.selector !== undefined && service.spec.type !== "ExternalName";
}

import type { KubeClient } from "@fairway/kube-client";
import type { IngressClassObject, IngressObject } from "./cluster-objects.ts";

export const controllerName = "fairway.dev/ingress";
const className = "fairway";
const defaultAnnotation = "ingressclass.kubernetes.io/is-default-class";
const classAnnotation = "kubernetes.io/ingress.class";

/** Whether an Ingress is for this controller: by its class, or without one when the default class is ours. */
export function isOurs(ingress: IngressObject, classes: readonly IngressClassObject[]): boolean {
  const name = ingress.spec?.ingressClassName ?? ingress.metadata.annotations?.[classAnnotation];
  if (name === undefined) return classes.some((each) => isOwn(each) && isDefault(each));
  return classes.some((each) => each.metadata.name === name && isOwn(each));
}

/** Makes the class of this controller when no class is; the default one when no other is. Answers what went wrong. */
export async function ensureClass(
  client: KubeClient,
  classes: readonly IngressClassObject[],
): Promise<string | undefined> {
  if (classes.some(isOwn)) return undefined;
  const annotations = classes.some(isDefault) ? {} : { [defaultAnnotation]: "true" };
  const body = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: className, annotations },
    spec: { controller: controllerName },
  };
  const path = "/apis/networking.k8s.io/v1/ingressclasses";
  const answer = await client.request({ method: "POST", path, query: { fieldManager: "fairway-ingress" }, body });
  if (answer.status < 300 || answer.status === 409) return undefined;
  const { message = "no reason given" } = answer.body as { message?: string };
  return `the IngressClass ${className} could not be made: ${message}`;
}

function isOwn(each: IngressClassObject): boolean {
  return each.spec?.controller === controllerName;
}

function isDefault(each: IngressClassObject): boolean {
  return each.metadata.annotations?.[defaultAnnotation] === "true";
}

import type { KubeObject, StreamingKubeClient } from "@fairway/kube-client";
import { applyChanges, changesBetween, describedObjects, type DescribedChange } from "../up/described-objects.ts";
import { imagesForMachine } from "../up/images.ts";
import type { WantedService } from "../up/service-state.ts";
import { servicesIn } from "../up/with-platform.ts";
import type { Description } from "./description.ts";
import { runImage, runningImages, type RunningImage } from "./running-image.ts";

/** What a service is to run, and as what it is described. */
export interface DevTarget {
  readonly image: string;
  readonly version: string;
  readonly description: Description;
}

export function isSameTarget(one: DevTarget, other: DevTarget): boolean {
  return one.image === other.image && one.description === other.description;
}

/** Makes a cluster that is as one target wants it into what another one wants; answers what had to be changed besides the image. */
export async function bring(
  client: StreamingKubeClient,
  from: DevTarget,
  to: DevTarget,
  signal: AbortSignal,
): Promise<readonly DescribedChange[]> {
  if (from.description === to.description) {
    await runImage(client, to.description.wanted, to);
    return [];
  }
  const others = await otherImages(client, to.description, signal);
  const before = new Map([...imagesOfGone(from, to), ...others]);
  const changes = changesBetween(objectsOf(from, before), objectsOf(to, others));
  await applyChanges(client, changes, signal);
  return changes;
}

/** Makes the service as it is described, whatever it was before; others are left alone. */
export async function bringOwn(client: StreamingKubeClient, to: DevTarget, signal: AbortSignal): Promise<void> {
  const { wanted, source } = to.description;
  const all = objectsOf(to, anyImages(to.description.workspace.services)).objects;
  const changes = all
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === source.service.metadata.name)
    .filter(({ metadata }) => metadata.namespace === wanted.namespace)
    .map((object) => ({ change: "changed", object }) as const);
  await applyChanges(client, changes, signal);
}

type Images = ReadonlyMap<string, { readonly digest: string; readonly tag: string }>;

function objectsOf({ image, version, description }: DevTarget, others: Images): ReturnType<typeof describedObjects> {
  const { workspace, environment, foundation, wanted } = description;
  const images = new Map([...others, [wanted.service, { digest: digestOf(image), tag: version }]]);
  const described = describedObjects(workspace, { environment, foundation, images });
  return { ...described, objects: described.objects.map((object) => withoutLinger(object, wanted)) };
}

/** What is no longer described is removed, whichever image it had. */
function imagesOfGone(from: DevTarget, to: DevTarget): Images {
  const left = new Set(to.description.workspace.services.map(({ metadata }) => metadata.name));
  return anyImages(from.description.workspace.services.filter(({ metadata }) => !left.has(metadata.name)));
}

/** For charts that are filled in and not applied. */
function anyImages(services: Description["workspace"]["services"]): Images {
  return new Map(services.map(({ metadata }) => [metadata.name, { digest: `sha256:${"0".repeat(64)}`, tag: "0.0.0" }]));
}

/** The other services go on with the images that they have; those that are new get one. */
async function otherImages(
  client: StreamingKubeClient,
  { workspace, environment, wanted }: Description,
  signal: AbortSignal,
): Promise<Images> {
  const services = servicesIn(workspace, environment);
  const running = await runningImages(client, services);
  const isNew = (service: string): boolean => service !== wanted.service && !running.has(service);
  const missing = workspace.sources.filter(({ service }) => isNew(service.metadata.name));
  const built = missing.length === 0 ? [] : await imagesForMachine(workspace, missing, signal);
  return new Map([
    ...[...running].map(([service, each]) => [service, asTagged(each)] as const),
    ...built.map((each) => [each.service, each] as const),
  ]);
}

function asTagged({ image, version }: Pick<RunningImage, "image" | "version">) {
  return { digest: digestOf(image), tag: version };
}

function digestOf(image: string): string {
  return image.split("@")[1] ?? "";
}

interface PodTemplate {
  readonly spec: { readonly containers: readonly object[] };
}

/** A pod that is replaced ends when it is told to: connections that others keep to it would go on to show the version before. */
function withoutLinger(object: KubeObject, { service, namespace }: WantedService): KubeObject {
  const { kind, metadata } = object;
  if (kind !== "Deployment" || metadata.name !== service || metadata.namespace !== namespace) return object;
  const spec = object["spec"] as { readonly template: PodTemplate };
  const containers = spec.template.spec.containers.map((each) => ({ ...each, lifecycle: undefined }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...object, spec: { ...spec, template } };
}

import type { KubeObject, ObjectMeta } from "../../object/kube-object.ts";
import { messageOf, resources, unless, hasCode } from "../../loop/index.ts";
import type { Api, EventRecorder } from "../../loop/index.ts";
import { controllerReference } from "../../model/owner.ts";
import type { Pod, PodSpec, PodTemplate } from "../../model/pod.ts";

/** Makes and deletes pods in the name of their owner, and tells of it. */
export interface PodControl {
  readonly create: (owner: KubeObject, pod: NewPod) => Promise<Pod>;
  readonly delete: (owner: KubeObject, pod: Pod) => Promise<void>;
}

export interface NewPod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

export function createPodControl(api: Api, events: EventRecorder): PodControl {
  return {
    create: async (owner, pod) => {
      try {
        const created = await api.create<Pod>(resources.pods, { metadata: { ...pod.metadata }, spec: pod.spec });
        events.normal(owner, "SuccessfulCreate", `Created pod: ${created.metadata.name ?? ""}`);
        return created;
      } catch (error) {
        if (!hasCode(error, "namespace-terminating")) {
          events.warning(owner, "FailedCreate", `Error creating: ${messageOf(error)}`);
        }
        throw error;
      }
    },
    delete: async (owner, pod) => {
      try {
        await api.delete(resources.pods, pod);
      } catch (error) {
        if (hasCode(error, "not-found")) return;
        events.warning(owner, "FailedDelete", `Error deleting: ${messageOf(error)}`);
        throw error;
      }
      events.normal(owner, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name ?? ""}`);
    },
  };
}

/** A pod as the template says, with a name that the server completes. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject, prefix?: string): NewPod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    metadata: {
      generateName: `${prefix ?? owner.metadata.name ?? ""}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}

/** Deletes without an event; gone already is as good. */
export async function deleteQuietly(api: Api, pod: Pod, graceSeconds?: number): Promise<void> {
  const options = graceSeconds === undefined ? {} : { graceSeconds };
  await unless(["not-found", "conflict"], api.delete(resources.pods, pod, options));
}

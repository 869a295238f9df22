import { done, resources, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import type { StorageClass } from "./claim-object.ts";
import { folderProvisioner } from "./provision.ts";

const isDefault = "storageclass.kubernetes.io/is-default-class";
const className = "standard";

/** The newest of those that are said to be the default. */
export function defaultClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
  const madeAt = ({ metadata }: StorageClass) => metadata.creationTimestamp ?? "";
  return classes
    .filter(({ metadata }) => metadata.annotations?.[isDefault] === "true")
    .sort((left, right) => (madeAt(left) > madeAt(right) ? -1 : 1))[0];
}

/** Offers volumes as folders to claims that ask for nothing else; whoever takes the class away has to do so once only. */
export function storageClassController(context: ControllerContext): Controller {
  const classes = context.informers.of<StorageClass>(resources.storageClasses);
  const namespaces = context.informers.of(resources.namespaces);
  let isOffered = context.options.volumesFolder === undefined;
  return {
    name: "storage-class-controller",
    watches: [watching(namespaces, ({ metadata }) => (metadata.name === "kube-system" ? [className] : []))],
    reconcile: async () => {
      if (isOffered) return done;
      if (classes.size === 0) {
        const object = {
          metadata: { name: className, annotations: { [isDefault]: "true" } },
          provisioner: folderProvisioner,
          reclaimPolicy: "Delete",
          volumeBindingMode: "WaitForFirstConsumer",
        };
        await unless(["already-exists"], context.api.create(resources.storageClasses, object));
      }
      isOffered = true;
      return done;
    },
  };
}

import type { KubeObject } from "../../object/kube-object.ts";
import { done, resources, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import { isActiveNamespace } from "./namespace-object.ts";
import type { Namespace } from "./namespace-object.ts";

const configMapName = "kube-root-ca.crt";
const descriptionAnnotation = "kubernetes.io/description";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service " +
  "IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/** Publishes in every namespace what pods need to trust the API server. */
export function rootCertificatesController(context: ControllerContext): Controller {
  const namespaces = context.informers.of<Namespace>(resources.namespaces);
  // The contents of all others are none of our business, and may be large.
  const configMaps = context.informers.of<ConfigMap>(resources.configMaps, (object) =>
    object.metadata.name === configMapName ? object : { ...object, data: {}, binaryData: {} },
  );
  const data = { "ca.crt": context.options.rootCertificates };
  return {
    name: "root-ca-certificate-publisher",
    watches: [
      watching(namespaces, (namespace) => [namespace.metadata.name ?? ""]),
      watching(configMaps, (map) => (map.metadata.name === configMapName ? [map.metadata.namespace ?? ""] : [])),
    ],
    reconcile: async (name) => {
      if (!isActiveNamespace(namespaces.get("", name))) return done;
      const known = configMaps.get(name, configMapName);
      const annotations = { [descriptionAnnotation]: description };
      if (known === undefined) {
        const map = { metadata: { name: configMapName, namespace: name, annotations }, data };
        await unless(["already-exists"], context.api.create(resources.configMaps, map));
        return done;
      }
      const isRight =
        known.data?.["ca.crt"] === data["ca.crt"] &&
        Object.keys(known.data ?? {}).length === 1 &&
        known.metadata.annotations?.[descriptionAnnotation] === description;
      if (isRight) return done;
      const metadata = { ...known.metadata, annotations: { ...known.metadata.annotations, ...annotations } };
      await context.api.update<ConfigMap>(resources.configMaps, { ...known, metadata, data });
      return done;
    },
  };
}

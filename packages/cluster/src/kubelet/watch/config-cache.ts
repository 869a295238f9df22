import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../../object/kube-object.ts";
import { KubeletError } from "../kubelet-error.ts";
import type { ConfigContent, ConfigSource } from "../pods/environment.ts";
import { ObjectCache } from "./object-cache.ts";

export interface ConfigCache extends ConfigSource {
  readonly closed: () => Promise<void>;
}

export interface ConfigCacheOptions {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** A ConfigMap or Secret of a namespace changed. */
  readonly changed: (namespace: string) => void;
}

/** Helm keeps each release in a Secret: no pod mounts these, and they are big. */
const secretsOfPods = { fieldSelector: "type!=helm.sh/release.v1" };

/** ConfigMaps and Secrets, from watches; one that a watch has not brought yet is asked for. */
export function createConfigCache(options: ConfigCacheOptions): ConfigCache {
  const changed = (key: string): void => options.changed(key.slice(0, key.indexOf("/")));
  const configMaps = new ObjectCache({ ...options, path: "/api/v1/configmaps", changed });
  const secrets = new ObjectCache({ ...options, path: "/api/v1/secrets", query: secretsOfPods, changed });
  const find = async (
    cache: ObjectCache,
    plural: string,
    place: { namespace: string; name: string },
  ): Promise<KubeObject | undefined> => {
    const { namespace, name } = place;
    const known = cache.get(`${namespace}/${name}`);
    if (known !== undefined) return known;
    const answer = await options.client.request({
      method: "GET",
      path: `/api/v1/namespaces/${namespace}/${plural}/${name}`,
    });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200)
      throw new KubeletError("api", `${plural} ${namespace}/${name}: the API server answered ${answer.status}`);
    return answer.body as KubeObject;
  };
  return {
    configMap: async (namespace, name) => {
      const found = await find(configMaps, "configmaps", { namespace, name });
      return found === undefined ? undefined : contentOf(found, "utf8");
    },
    secret: async (namespace, name) => {
      const found = await find(secrets, "secrets", { namespace, name });
      return found === undefined ? undefined : contentOf(found, "base64");
    },
    closed: async () => {
      await Promise.all([configMaps.closed(), secrets.closed()]);
    },
  };
}

function contentOf(object: KubeObject, encoding: "utf8" | "base64"): ConfigContent {
  const content = new Map<string, Buffer>();
  for (const [key, text] of stringEntries(object["data"])) content.set(key, Buffer.from(text, encoding));
  for (const [key, text] of stringEntries(object["binaryData"])) content.set(key, Buffer.from(text, "base64"));
  return content;
}

function stringEntries(value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

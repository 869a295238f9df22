import { KubeletError } from "../kubelet-error.ts";
import { envFileValue } from "./env-file.ts";
import { expandVariables } from "./expand-variables.ts";
import { fieldValue, resourceValue } from "./downward.ts";
import type { DownwardFacts } from "./downward.ts";
import type { Container, EnvFromSource, EnvVar, KeyRef, Pod } from "./pod.ts";

/** ConfigMaps and Secrets of a namespace; undefined for one that isn't there. */
export interface ConfigSource {
  readonly configMap: (namespace: string, name: string) => Promise<ConfigContent | undefined>;
  readonly secret: (namespace: string, name: string) => Promise<ConfigContent | undefined>;
}

/** The bytes by key: of a ConfigMap's data and binaryData, of a Secret's decoded data. */
export type ConfigContent = ReadonlyMap<string, Buffer>;

export interface EnvironmentRequest {
  readonly pod: Pod;
  readonly container: Container;
  readonly facts: DownwardFacts;
  readonly config: ConfigSource;
  /** Where a volume of the pod is on this machine. */
  readonly volumeFolder: (name: string) => string | undefined;
  /** Variables of services, which anything else overrides. */
  readonly serviceVariables: ReadonlyMap<string, string>;
}

/** The environment of a container, in the order in which Kubernetes fills it: services, `envFrom`, `env`. */
export async function makeEnvironment(request: EnvironmentRequest): Promise<Map<string, string>> {
  const { container, serviceVariables } = request;
  const own = new Map<string, string>();
  for (const source of container.envFrom ?? []) await addAll(own, source, request);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, own, request);
    if (value !== undefined) own.set(variable.name, value);
  }
  const all = new Map(own);
  for (const [name, value] of serviceVariables) if (!all.has(name)) all.set(name, value);
  return all;
}

async function addAll(own: Map<string, string>, source: EnvFromSource, request: EnvironmentRequest): Promise<void> {
  const { namespace } = request.pod.metadata;
  const reference = source.configMapRef ?? source.secretRef;
  if (reference === undefined) return;
  const isSecret = source.configMapRef === undefined;
  const name = reference.name ?? "";
  const content = isSecret
    ? await request.config.secret(namespace, name)
    : await request.config.configMap(namespace, name);
  if (content === undefined) {
    if (reference.optional === true) return;
    throw missing(isSecret, name);
  }
  for (const key of [...content.keys()].toSorted()) {
    const variable = `${source.prefix ?? ""}${key}`;
    // What could not be passed on to a process is left out, as the API promises.
    if (variable !== "" && !variable.includes("=")) own.set(variable, content.get(key)?.toString("utf8") ?? "");
  }
}

async function valueOf(
  variable: EnvVar,
  own: ReadonlyMap<string, string>,
  request: EnvironmentRequest,
): Promise<string | undefined> {
  const { pod, container, facts, serviceVariables } = request;
  const from = variable.valueFrom;
  if (from === undefined) {
    return expandVariables(variable.value ?? "", (name) => own.get(name) ?? serviceVariables.get(name));
  }
  if (from.fieldRef !== undefined) return fieldValue(pod, from.fieldRef.fieldPath, facts);
  if (from.resourceFieldRef !== undefined) {
    return resourceValue(pod, container, { reference: from.resourceFieldRef, facts });
  }
  if (from.configMapKeyRef !== undefined) return keyValue(from.configMapKeyRef, request, false);
  if (from.secretKeyRef !== undefined) return keyValue(from.secretKeyRef, request, true);
  if (from.fileKeyRef !== undefined)
    return envFileValue(from.fileKeyRef, request.volumeFolder(from.fileKeyRef.volumeName));
  return "";
}

async function keyValue(
  reference: KeyRef,
  request: EnvironmentRequest,
  isSecret: boolean,
): Promise<string | undefined> {
  const { namespace } = request.pod.metadata;
  const name = reference.name ?? "";
  const content = isSecret
    ? await request.config.secret(namespace, name)
    : await request.config.configMap(namespace, name);
  if (content === undefined) {
    if (reference.optional === true) return undefined;
    throw missing(isSecret, name);
  }
  const value = content.get(reference.key);
  if (value !== undefined) return value.toString("utf8");
  if (reference.optional === true) return undefined;
  const kind = isSecret ? "Secret" : "ConfigMap";
  throw new KubeletError("config-missing", `couldn't find key ${reference.key} in ${kind} ${namespace}/${name}`);
}

function missing(isSecret: boolean, name: string): KubeletError {
  return new KubeletError("config-missing", `${isSecret ? "secret" : "configmap"} ${JSON.stringify(name)} not found`);
}

import { prepareHelmChart } from "../generators/helm-chart.ts";
import { generateObject } from "../generators/generated-object.ts";
import type { Kustomization } from "../kustomization/kustomization.ts";
import { struct, text } from "../kustomization/shape.ts";
import { generatorPluginShape, helmPluginShape } from "../kustomization/shapes.ts";
import type { HelmFields } from "../kustomization/shapes.ts";
import { KustomizeError, wrapError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import { makeNode, makeString } from "../node/node.ts";
import { pluginOrigin } from "../resource/origin.ts";
import type { Origin } from "../resource/origin.ts";
import { idText } from "../resource/res-id.ts";
import { resourcesFromText } from "../resource/resource-factory.ts";
import { Resource } from "../resource/resource.ts";
import type { BuildContext } from "./context.ts";
import { configured } from "./patch-transformers.ts";
import { configuredPlugin, generatorKinds, readPlugin, requireBuiltin } from "./plugins.ts";
import type { PluginInput } from "./plugins.ts";
import type { Generator } from "./transformer.ts";
import { toGeneratorArguments } from "./typed-fields.ts";

interface Settings {
  readonly loader: Loader;
  readonly kustomization: Kustomization;
  readonly context: BuildContext;
  readonly originOf: (kind: string) => Origin | undefined;
}

/** The generators that the fields of a kustomization ask for. */
export async function builtinGenerators(settings: Settings): Promise<Generator[]> {
  const { loader, kustomization, context, originOf } = settings;
  const {
    configMapGenerator = [],
    secretGenerator = [],
    generatorOptions,
    helmGlobals,
    helmCharts = [],
  } = kustomization.fields;
  const data = (kind: "ConfigMap" | "Secret", entries: typeof secretGenerator): Generator[] =>
    entries.map((entry) => ({
      name: `${kind}Generator ${entry.name ?? ""}`,
      origin: originOf(`${kind}Generator`),
      generate: async () => [
        await generateObject(loader, toGeneratorArguments(kind, entry, generatorOptions), context.scopes),
      ],
    }));
  const charts: Generator[] = [];
  for (const chart of helmCharts) {
    const kind = "HelmChartInflationGenerator";
    const fields = { ...helmGlobals, ...chart };
    const generate = await configured(kind, fields, () => helmGenerator(loader, fields, context));
    charts.push({ name: `${kind} ${chart.name ?? ""}`, origin: originOf(kind), generate });
  }
  return [...data("ConfigMap", configMapGenerator), ...data("Secret", secretGenerator), ...charts];
}

async function helmGenerator(
  loader: Loader,
  fields: HelmFields,
  context: BuildContext,
): Promise<() => Promise<Resource[]>> {
  const render = await prepareHelmChart(loader, fields, context.helm);
  return async () => {
    const manifests = await render();
    try {
      return resourcesFromText(manifests, context.scopes);
    } catch (error) {
      throw wrapError("could not parse bytes into resource map", error);
    }
  };
}

const policyShape = struct("IAMPolicyGeneratorArgs", {
  cloud: text,
  kubernetesService: struct("KubernetesService", { name: text, namespace: text }),
  serviceAccount: struct("ServiceAccount", { name: text, projectId: text }),
});

/** A service account of Kubernetes that acts as one of Google's cloud. */
function generatePolicy(resource: Resource, context: BuildContext): Resource[] {
  const { cloud = "", kubernetesService = {}, serviceAccount = {} } = readPlugin(resource, policyShape) ?? {};
  if (cloud !== "gke") throw new KustomizeError("kustomization", `cloud provider ${cloud} not supported yet`);
  const account = `${serviceAccount.name ?? ""}@${serviceAccount.projectId ?? ""}.iam.gserviceaccount.com`;
  const map = (entries: Record<string, string>): ReturnType<typeof makeNode> =>
    makeNode(
      "mapping",
      Object.entries(entries).flatMap(([key, value]) => [makeString(key), makeString(value)]),
    );
  const metadata = map({ name: kubernetesService.name ?? "" });
  const { namespace = "" } = kubernetesService;
  if (namespace !== "") metadata.content.push(makeString("namespace"), makeString(namespace));
  metadata.content.push(makeString("annotations"), map({ "iam.gke.io/gcp-service-account": account }));
  const node = map({ apiVersion: "v1", kind: "ServiceAccount" });
  node.content.push(makeString("metadata"), metadata);
  return [new Resource(node, context.scopes)];
}

/** The generator that an object configures. */
export async function pluginGenerator(input: PluginInput): Promise<Generator> {
  const { resource, loader, context } = input;
  requireBuiltin(resource);
  const { kind } = resource;
  if (!generatorKinds.has(kind)) {
    throw new KustomizeError("kustomization", `plugin ${idText(resource.originalId)} not a generator`);
  }
  const generate = await configuredPlugin(resource, async () => {
    if (kind === "IAMPolicyGenerator") return async () => generatePolicy(resource, context);
    if (kind === "HelmChartInflationGenerator") {
      return helmGenerator(loader, readPlugin(resource, helmPluginShape) ?? {}, context);
    }
    const fields = readPlugin(resource, generatorPluginShape) ?? {};
    const generated = toGeneratorArguments(
      kind === "Secret" || kind === "SecretGenerator" ? "Secret" : "ConfigMap",
      fields,
      undefined,
    );
    return async () => [await generateObject(loader, generated, context.scopes)];
  });
  return { name: `${kind} ${resource.name}`, origin: pluginOrigin(resource), generate };
}

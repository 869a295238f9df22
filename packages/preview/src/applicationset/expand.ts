import type { FunctionTable } from "@fairway/gotemplate";
import { PreviewError } from "../errors.ts";
import { isObject, listAt, objectAt, textAt, valueAt, type JsonObject, type JsonValue } from "../json-value.ts";
import { manifestOf, type Manifest } from "../manifest.ts";
import { decodeObjects } from "./decode-objects.ts";
import { mergeDeep, type Parameters } from "./parameters.ts";
import { runGenerator } from "./run-generator.ts";
import { fillDeep, goTemplate, plainTemplate, type TextTemplate } from "./text-template.ts";
import type { GeneratorWorld } from "./world.ts";

export interface ExpansionWorld extends GeneratorWorld {
  /** Functions of Go templates: Sprig's. */
  readonly functions: FunctionTable;
}

const finalizer = "resources-finalizer.argocd.argoproj.io";

/** The Applications that an ApplicationSet stands for. */
export function expandApplicationSet(set: Manifest, world: ExpansionWorld): readonly Manifest[] {
  const spec = objectAt(set.value, "spec");
  const options = listAt(spec, "goTemplateOptions").filter((each) => typeof each === "string");
  const template = spec["goTemplate"] === true ? goTemplate({ functions: world.functions, options }) : plainTemplate;
  const run = { template, world };
  return listAt(spec, "generators").flatMap((generator) => {
    const result = runGenerator(generator, run);
    const merged = mergeDeep(objectAt(spec, "template"), result.template);
    return result.parameters.map((parameters) => applicationFrom(merged, parameters, { set, spec, template }));
  });
}

interface Origin {
  readonly set: Manifest;
  readonly spec: JsonObject;
  readonly template: TextTemplate;
}

function applicationFrom(template: JsonObject, parameters: Parameters, origin: Origin): Manifest {
  const filled = fillDeep(template, parameters, origin.template);
  const patch = textAt(origin.spec, "templatePatch");
  const patched = patch === undefined ? filled : patchedWith(filled, origin.template.fill(patch, parameters));
  const metadata = objectAt(patched, "metadata");
  const keepResources = valueAt(origin.spec, "syncPolicy", "preserveResourcesOnDeletion") === true;
  const finalizers = listAt(metadata, "finalizers");
  const withFinalizers = keepResources || finalizers.length > 0 ? {} : { finalizers: [finalizer] };
  // An Application lives in the namespace of its set: a template can't break out of it.
  const namespace = origin.set.namespace === "" ? {} : { namespace: origin.set.namespace };
  const application = manifestOf({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { ...metadata, ...withFinalizers, ...namespace },
    spec: objectAt(patched, "spec"),
  });
  if (application && application.name !== "") return application;
  throw new PreviewError(
    "invalid-application",
    `ApplicationSet ${origin.set.name} gives an Application without a name`,
  );
}

/** A strategic merge: Application has no lists with merge keys, so lists are replaced, maps merged, nulls remove. */
function patchedWith(application: JsonValue, patch: string): JsonObject {
  const [object = {}] = decodeObjects(patch, "templatePatch");
  const patched = mergePatch(application, object);
  const spec = { ...objectAt(patched, "spec") };
  // The project guards what an application may do; a patch from data must not move it elsewhere.
  const project = valueAt(application, "spec", "project");
  if (project !== undefined) spec["project"] = project;
  return { ...(isObject(patched) ? patched : {}), spec };
}

function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged: Record<string, JsonValue> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

import { configFromCrds } from "../config/crds.ts";
import { defaultConfig, emptyConfig, mergeConfig, parseTransformerConfig } from "../config/transformer-config.ts";
import { loadKustomization } from "../kustomization/kustomization.ts";
import type { Kustomization } from "../kustomization/kustomization.ts";
import { KustomizeError, messageOf, withPrefix, wrapError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import type { Loader } from "../loader/loader.ts";
import { parseCustomSchema } from "../merge/custom-schema.ts";
import { goJson, goQuote } from "../node/go-json.ts";
import { toPlain } from "../node/plain-value.ts";
import { originAnnotation } from "../resource/build-annotations.ts";
import {
  addTransformation,
  appendOrigin,
  configuredOrigin,
  originOf,
  originText,
  pluginOrigin,
  setOrigin,
} from "../resource/origin.ts";
import type { Origin } from "../resource/origin.ts";
import { idText } from "../resource/res-id.ts";
import { resourcesFromText } from "../resource/resource-factory.ts";
import { ResourceMap } from "../resource/resource-map.ts";
import type { Resource } from "../resource/resource.ts";
import { Accumulator } from "./accumulator.ts";
import { builtinTransformers } from "./builtin-transformers.ts";
import type { BuildContext } from "./context.ts";
import { builtinGenerators, pluginGenerator } from "./generators.ts";
import { loadObjects } from "./patch-transformers.ts";
import { pluginTransform } from "./plugins.ts";
import type { Generator, Transformer } from "./transformer.ts";
import { toVariable, writtenText } from "./variable.ts";

/** One kustomization of a build: gathers what it refers to, generates, transforms. */
export class Target {
  readonly #loader: Loader;
  readonly #context: BuildContext;
  readonly kustomization: Kustomization;
  /** Where this kustomization is, when objects are to be annotated with it. */
  #origin: Origin | undefined;

  constructor(loader: Loader, context: BuildContext, origin: Origin | undefined) {
    this.#loader = loader;
    this.#context = context;
    this.#origin = origin;
    context.kustomizations++;
    if (context.kustomizations > limits.kustomizationsMax) {
      throw new KustomizeError("limit", `the build visits more than ${limits.kustomizationsMax} kustomizations`);
    }
    this.kustomization = loadKustomization(loader);
    context.warnings.push(...this.kustomization.warnings);
  }

  /** From here on objects are annotated with where they come from. */
  recordOrigins(): void {
    this.#origin = {};
  }

  /** The first kustomization that names a schema chooses it for the whole build. */
  async chooseSchema(): Promise<void> {
    const { openapi } = this.kustomization.fields;
    const { path, version } = openapi ?? {};
    const text = path === undefined ? undefined : await this.#loader.loadText(path);
    if (this.#context.isSchemaChosen) return;
    if (text !== undefined) {
      if (version !== undefined) {
        throw new KustomizeError("kustomization", "builtin version and custom schema provided, cannot use both");
      }
      const schema = parseCustomSchema(text, this.#context.scopes.wasAskedOther);
      for (const kind of schema.clusterScoped) this.#context.scopes.addClusterScoped(kind);
      this.#context.schemas = schema;
    } else if (version !== undefined && version !== "" && version !== "v1.21.2") {
      throw new KustomizeError("kustomization", "the specified OpenAPI version is not built in");
    }
    this.#context.isSchemaChosen = text !== undefined || (version ?? "") !== "";
  }

  /** Runs the kustomization. A component continues with what its user has gathered. */
  async accumulate(start = new Accumulator()): Promise<Accumulator> {
    const { fields } = this.kustomization;
    let gathered = start;
    try {
      gathered = await this.#accumulateResources(gathered, fields.resources ?? []);
    } catch (error) {
      throw wrapError("accumulating resources", error);
    }
    await this.#configure(gathered);
    await this.#generate(gathered);
    try {
      gathered = await this.#accumulateComponents(gathered, fields.components ?? []);
    } catch (error) {
      throw wrapError("accumulating components", error);
    }
    await this.#transform(gathered);
    await this.#validate(gathered);
    const variables = (fields.vars ?? []).map(toVariable);
    withPrefix(
      () => `merging vars [${variables.map(writtenText).join(" ")}]`,
      () => gathered.mergeVariables(variables),
    );
    return gathered;
  }

  async #accumulateResources(gathered: Accumulator, paths: readonly string[]): Promise<Accumulator> {
    for (const path of paths) {
      const problem = await this.#accumulateFile(gathered, path);
      if (problem === undefined) continue;
      if (problem instanceof KustomizeError && (problem.code === "limit" || problem.code === "unsupported"))
        throw problem;
      const prefix = `accumulation err='${messageOf(problem)}'`;
      let loader: Loader;
      try {
        loader = await this.#loader.open(path);
      } catch (error) {
        if (messageOf(problem).includes("MalformedYAMLError")) throw problem;
        throw wrapError(prefix, error);
      }
      try {
        await this.#accumulateDirectory(gathered, loader, path, false);
      } catch (error) {
        throw wrapError(prefix, error);
      }
    }
    return gathered;
  }

  /** The error when the path is not a file of objects. */
  async #accumulateFile(gathered: Accumulator, path: string): Promise<unknown> {
    let prefix = `accumulating resources from '${path}'`;
    try {
      const resources = new ResourceMap(await loadObjects(this.#loader, path, this.#context));
      if (this.#origin !== undefined) {
        resources.annotateAll(originAnnotation, originText(appendOrigin(this.#origin, path)));
      }
      prefix = `merging resources from '${path}'`;
      gathered.map.appendAll(resources.resources);
      return undefined;
    } catch (error) {
      return wrapError(prefix, error);
    }
  }

  async #accumulateComponents(gathered: Accumulator, paths: readonly string[]): Promise<Accumulator> {
    let result = gathered;
    for (const path of paths) {
      let loader: Loader;
      try {
        loader = await this.#loader.open(path);
      } catch (error) {
        throw quoted("loader.New", error);
      }
      try {
        result = await this.#accumulateDirectory(result, loader, path, true);
      } catch (error) {
        throw quoted("accumulateDirectory:", error);
      }
    }
    return result;
  }

  async #accumulateDirectory(
    gathered: Accumulator,
    loader: Loader,
    path: string,
    isComponent: boolean,
  ): Promise<Accumulator> {
    const origin = this.#origin === undefined ? undefined : this.#originOf(loader, path);
    let target: Target;
    try {
      target = new Target(loader, this.#context, origin);
    } catch (error) {
      throw wrapError(`couldn't make target for path '${loader.root}'`, error);
    }
    await target.chooseSchema();
    const { kind } = target.kustomization;
    if (isComponent && kind !== "Component") {
      throw new KustomizeError(
        "kustomization",
        `expected kind 'Component' for path '${loader.root}' but got '${kind}'`,
      );
    }
    if (!isComponent && kind === "Component") {
      throw new KustomizeError("kustomization", `expected kind != 'Component' for path '${loader.root}'`);
    }
    let result: Accumulator;
    try {
      result = await target.accumulate(isComponent ? gathered : new Accumulator());
    } catch (error) {
      throw wrapError(`recursed accumulation of path '${loader.root}'`, error);
    }
    if (isComponent) return result;
    withPrefix(
      () => `recursed merging from path '${loader.root}'`,
      () => gathered.merge(result),
    );
    return gathered;
  }

  #originOf(loader: Loader, path: string): Origin {
    const { repository } = loader;
    if (repository === undefined || repository === this.#loader.repository) {
      return appendOrigin(this.#origin ?? {}, path);
    }
    const inside = loader.root.slice(repository.top.length).replace(/^\//, "");
    return {
      ...(inside === "" ? {} : { path: inside }),
      ...(repository.repo === undefined ? {} : { repo: repository.repo }),
      ...(repository.ref === undefined ? {} : { ref: repository.ref }),
    };
  }

  async #configure(gathered: Accumulator): Promise<void> {
    const { configurations = [], crds = [] } = this.kustomization.fields;
    let config = emptyConfig;
    for (const path of configurations) {
      config = mergeConfig(config, parseTransformerConfig(await this.#loader.loadText(path)));
    }
    gathered.mergeConfig(mergeConfig(defaultConfig, config));
    for (const path of crds) {
      let text: string;
      try {
        text = await this.#loader.loadText(path);
      } catch (error) {
        throw wrapError(`loading CRDs [${crds.join(" ")}]`, error);
      }
      gathered.mergeConfig(configFromCrds(text, path));
    }
  }

  #builtinOrigin(kind: string): Origin | undefined {
    return this.#origin === undefined ? undefined : configuredOrigin(this.#origin, this.kustomization.fileName, kind);
  }

  async #generate(gathered: Accumulator): Promise<void> {
    const { kustomization } = this;
    const originOf = (kind: string): Origin | undefined => this.#builtinOrigin(kind);
    const generators = await builtinGenerators({
      loader: this.#loader,
      kustomization,
      context: this.#context,
      originOf,
    });
    try {
      generators.push(...(await this.#pluginGenerators()));
    } catch (error) {
      throw wrapError("loading generator plugins", error);
    }
    for (const generator of generators) {
      const generated = await generator.generate();
      if (generator.origin !== undefined) annotateNew(generated, generator.origin);
      withPrefix(
        () => `merging from generator ${generator.name}`,
        () => gathered.map.absorbAll(generated),
      );
    }
  }

  async #pluginGenerators(): Promise<Generator[]> {
    const result: Generator[] = [];
    for (const resource of await this.#pluginObjects(this.kustomization.fields.generators ?? [], "generator")) {
      try {
        result.push(await pluginGenerator({ resource, loader: this.#loader, context: this.#context }));
      } catch (error) {
        throw wrapError("failed to load generator", error);
      }
    }
    return result;
  }

  /** Objects that configure plugins: inline, in files or built by other kustomizations. */
  async #pluginObjects(entries: readonly string[], kind: string): Promise<readonly Resource[]> {
    const gathered = new Accumulator();
    const paths: string[] = [];
    for (const entry of entries) {
      const inline = inlineObjects(entry, this.#context);
      if (inline === undefined) {
        paths.push(entry);
        continue;
      }
      if (this.#origin !== undefined) {
        const origin = appendOrigin(this.#origin, this.kustomization.fileName);
        for (const resource of inline) setOrigin(resource, origin);
      }
      withPrefix(
        () => `configuring external ${kind}`,
        () => gathered.map.appendAll(inline),
      );
    }
    return (await this.#accumulateResources(gathered, paths)).map.resources;
  }

  async #transform(gathered: Accumulator): Promise<void> {
    const { kustomization } = this;
    const transformers: Transformer[] = (
      await builtinTransformers({
        loader: this.#loader,
        kustomization,
        config: gathered.config,
        context: this.#context,
      })
    ).map(({ kind, transform }) => ({ transform, origin: this.#builtinOrigin(kind) }));
    transformers.push(...(await this.#pluginTransformers(kustomization.fields.transformers ?? [])));
    for (const { transform, origin } of transformers) {
      transform(gathered.map);
      if (origin !== undefined) for (const resource of gathered.map.resources) addTransformation(resource, origin);
      gathered.map.dropEmpty();
    }
  }

  async #pluginTransformers(entries: readonly string[]): Promise<Transformer[]> {
    const result: Transformer[] = [];
    for (const resource of await this.#pluginObjects(entries, "transformer")) {
      const transform = await pluginTransform({ resource, loader: this.#loader, context: this.#context });
      result.push({ transform, origin: pluginOrigin(resource) });
    }
    return result;
  }

  async #validate(gathered: Accumulator): Promise<void> {
    const validators = await this.#pluginTransformers(this.kustomization.fields.validators ?? []);
    for (const { transform } of validators) {
      const before = gathered.map.resources.map(contentText);
      transform(gathered.map);
      const changed = gathered.map.resources.find((resource, index) => before[index] !== contentText(resource));
      if (changed === undefined && before.length === gathered.map.size) continue;
      throw new KustomizeError(
        "transform",
        `validator shouldn't modify the resource map: ${changed === undefined ? "the number of objects" : idText(changed.currentId)} differs`,
      );
    }
  }
}

function quoted(prefix: string, error: unknown): KustomizeError {
  const code = error instanceof KustomizeError ? error.code : "transform";
  return new KustomizeError(code, `${prefix} ${goQuote(messageOf(error))}`, error);
}

function annotateNew(resources: readonly Resource[], origin: Origin): void {
  for (const resource of resources) {
    if (originOf(resource) === undefined) setOrigin(resource, origin);
  }
}

function inlineObjects(text: string, context: BuildContext): Resource[] | undefined {
  try {
    return resourcesFromText(text, context.scopes);
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}

/** The content without the label that validators may leave. */
function contentText(resource: Resource): string {
  const copy = resource.copy();
  const { labels } = copy;
  if (labels.delete("validated-by")) copy.labels = labels;
  return goJson(toPlain(copy.tree));
}

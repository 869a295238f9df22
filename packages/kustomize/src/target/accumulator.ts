import { emptyConfig, mergeConfig } from "../config/transformer-config.ts";
import type { TransformerConfig } from "../config/transformer-config.ts";
import { CandidateIndex, makeCandidate } from "../filters/reference-candidates.ts";
import { updateNameReference } from "../filters/name-reference.ts";
import { expandVariables } from "../filters/variables.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { gvkText, isSelected } from "../resource/gvk.ts";
import { idEquals, sameNameAndGvk } from "../resource/res-id.ts";
import { ResourceMap } from "../resource/resource-map.ts";
import { variableValue } from "./variable.ts";
import type { Variable } from "./variable.ts";

/** What one kustomization has gathered: objects, where transformers write, and variables. */
export class Accumulator {
  readonly map = new ResourceMap();
  config: TransformerConfig = emptyConfig;
  readonly #variables = new Map<string, Variable>();

  mergeConfig(config: TransformerConfig): void {
    this.config = mergeConfig(this.config, config);
  }

  mergeVariables(variables: readonly Variable[]): void {
    for (const variable of variables) {
      const { target } = variable;
      const byNamespace = target.namespace !== "";
      const matches = this.map.matchingAnyId((id) => (byNamespace ? idEquals(target, id) : sameNameAndGvk(target, id)));
      if (matches.length > 1) {
        throw new KustomizeError(
          "transform",
          `found ${matches.length} resId matches for var {${variable.name} ${gvkText(target)} {${variable.written.fieldPath}}} (unable to disambiguate)`,
        );
      }
      matches[0]?.variableNames.push(variable.name);
    }
    this.#addVariables(variables);
  }

  #addVariables(variables: Iterable<Variable>): void {
    for (const variable of variables) {
      if (this.#variables.has(variable.name)) {
        throw new KustomizeError("conflict", `var '${variable.name}' already encountered`);
      }
      this.#variables.set(variable.name, variable);
    }
  }

  merge(other: Accumulator): void {
    this.map.appendAll(other.map.resources);
    this.mergeConfig(other.config);
    this.#addVariables(other.#variables.values());
  }

  /** Follows every renaming in the fields that hold names. */
  fixReferences(): void {
    const candidates = new CandidateIndex(this.map.resources.map(makeCandidate));
    if (candidates.isEmpty) return;
    for (const referrer of candidates.candidates) {
      for (const { target, fields } of this.config.nameReference) {
        for (const field of fields) {
          if (!isSelected(referrer.originalId, field)) continue;
          updateNameReference({ referrer, field, target, candidates });
        }
      }
    }
  }

  /** Replaces variables, and says which were never used. */
  resolveVariables(): string[] {
    if (this.#variables.size === 0) return [];
    const values = new Map(
      Array.from(this.#variables.values(), (variable) => [variable.name, variableValue(this.map, variable)] as const),
    );
    const used = new Set<string>();
    for (const { tree } of this.map.resources) expandVariables(tree, this.config.varReference, { values, used });
    const unused = [...values.keys()].filter((name) => !used.has(name)).sort();
    return unused.length === 0 ? [] : [`well-defined vars that were never replaced: ${unused.join(",")}`];
  }
}

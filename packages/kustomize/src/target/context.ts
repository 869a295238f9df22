import type { HelmRenderer } from "../generators/helm-chart.ts";
import type { SchemaSource } from "../merge/schema.ts";
import type { Scopes } from "../resource/scopes.ts";

/** What all kustomizations of one build share. */
export interface BuildContext {
  readonly scopes: Scopes;
  schemas: SchemaSource;
  /** The kustomization that chose the schema has spoken; later ones are not asked. */
  isSchemaChosen: boolean;
  readonly helm: HelmRenderer | undefined;
  readonly warnings: string[];
  kustomizations: number;
}

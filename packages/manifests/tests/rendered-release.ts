// One release, rendered as it is deployed: chart, values of the environment, values of the service, digest.
import { loadChartFolder, mergeUserValues, renderChart, type RenderedChart } from "@fairway/helm";
import { decodeAll } from "@fairway/yaml";

export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

export interface ReleaseName {
  readonly service: string;
  readonly environment: string;
  readonly namespace: string;
  /** Nobody says which image. */
  readonly withoutImage?: boolean;
}

export function renderedRelease(state: ReadonlyMap<string, string>, release: ReleaseName): RenderedChart {
  const { service, environment, namespace } = release;
  const folder = `services/${service}/`;
  const chart = new Map(
    [...state].flatMap(([path, text]) =>
      path.startsWith(folder) ? [[path.slice(folder.length), Buffer.from(text)] as const] : [],
    ),
  );
  const files = ["values", service].map((name) => {
    const path = `environments/${environment}/${name}.yaml`;
    return { name: path, content: state.get(path) ?? "" };
  });
  const values = mergeUserValues({ files, set: release.withoutImage ? [] : [`image.digest=${digest}`] });
  return renderChart(loadChartFolder(chart), { releaseName: service, namespace, values });
}

/** An object of the Kubernetes API, as a test looks at it. */
export interface AnyObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

export function objectsOf(rendered: RenderedChart): readonly AnyObject[] {
  return rendered.manifests.flatMap(({ content }) => decodeAll(content) as AnyObject[]);
}

/** What stands at a path of keys and places: `at(object, "spec", "rules", 0)`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined;
  }
  return found;
}

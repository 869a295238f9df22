import { loadChartFolder, mergeUserValues, renderChart } from "@fairway/helm";
import type { KubeObject } from "@fairway/kube-client";
import { namespaceOf, renderState } from "@fairway/manifests";
import { decodeAll } from "@fairway/yaml";
import type { Workspace } from "./workspace.ts";

/** One service in one environment, as Helm would install it. */
export interface Release {
  readonly service: string;
  readonly namespace: string;
  readonly objects: readonly KubeObject[];
}

export interface EnvironmentObjects {
  /** Namespaces with their quotas and policies: before everything else. */
  readonly base: readonly KubeObject[];
  readonly releases: readonly Release[];
}

export interface ReleaseOptions {
  readonly environment: string;
  /** What the images' names begin with; the platform's registry unless told otherwise. */
  readonly registry?: string;
  readonly images: ReadonlyMap<string, { readonly digest: string; readonly tag: string }>;
}

/** What an environment consists of: the rendered state, its charts filled in with the values of the environment. */
export function environmentObjects(workspace: Workspace, options: ReleaseOptions): EnvironmentObjects {
  const { platform, services } = workspace;
  const { environment } = options;
  const state = renderState({ platform, services, environment });
  const below = `base/${environment}/`;
  const base = [...state]
    .filter(([path]) => path.startsWith(below) && path.endsWith(".yaml"))
    .flatMap(([, text]) => objectsIn(text));
  const releases = services.map((service) => {
    const { name } = service.metadata;
    const namespace = namespaceOf(platform, environment, name);
    const chart = loadChartFolder(filesBelow(state, `services/${name}/`));
    const values = mergeUserValues({
      files: [`environments/${environment}/values.yaml`, `environments/${environment}/${name}.yaml`].flatMap((path) => {
        const content = state.get(path);
        return content === undefined ? [] : [{ name: path, content }];
      }),
      setString: [
        `image.digest=${options.images.get(name)?.digest ?? ""}`,
        `image.version=${options.images.get(name)?.tag ?? ""}`,
        ...(options.registry === undefined ? [] : [`image.registry=${options.registry}`]),
      ],
    });
    const { manifests } = renderChart(chart, { releaseName: name, namespace, values });
    return { service: name, namespace, objects: manifests.flatMap(({ content }) => objectsIn(content)) };
  });
  return { base, releases };
}

function filesBelow(state: ReadonlyMap<string, string>, folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of state) {
    if (path.startsWith(folder)) files.set(path.slice(folder.length), Buffer.from(text));
  }
  return files;
}

export function objectsIn(text: string): KubeObject[] {
  return decodeAll(text).filter((each): each is KubeObject => typeof each === "object" && each !== null);
}

import type { Environment, Platform, Service } from "@fairway/spec";
import { chartFiles, documents } from "./chart/chart-files.ts";
import { chartSubjects } from "./chart/chart-subject.ts";
import { baseFiles } from "./environment/base.ts";
import { environmentValuesFile, serviceValuesFile } from "./environment/environment-values.ts";
import { ManifestsError } from "./manifests-error.ts";
import { fileText } from "./text/lines.ts";
import { readVersions, versionOf, versionsFile } from "./versions.ts";

export interface StateSource {
  /** As `checkFiles` hands it out: valid, with defaults filled in. */
  readonly platform: Platform;
  readonly services: readonly Service[];
  /** Only what this environment needs; all of them otherwise. */
  readonly environment?: string | undefined;
  /** The text of registry/versions.yaml as it is now: which version runs where is nothing that a description says. */
  readonly versions?: string | undefined;
}

/** All files of the state repository, by path, sorted. The same descriptions always give the same bytes. */
export function renderState({ platform, services, environment, versions }: StateSource): ReadonlyMap<string, string> {
  const sorted = services.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const deployed = readVersions(versions);
  const files: (readonly [path: string, text: string])[] = [];
  for (const subject of chartSubjects(platform, sorted)) {
    for (const [path, text] of chartFiles(subject)) files.push([`services/${subject.name}/${path}`, text]);
  }
  for (const each of environmentsOf(platform, environment)) {
    const folder = `environments/${each.name}`;
    files.push([`${folder}/values.yaml`, fileText(environmentValuesFile(platform, each))]);
    for (const service of sorted) {
      const { name } = service.metadata;
      const values = serviceValuesFile(service, each, versionOf(deployed, each.name, name));
      files.push([`${folder}/${name}.yaml`, fileText(values)]);
    }
    for (const [name, parts] of baseFiles(platform, each, sorted)) {
      if (parts.length > 0) files.push([`base/${each.name}/${name}`, fileText(documents(parts))]);
    }
  }
  files.push(["registry/versions.yaml", fileText(versionsFile(platform, sorted, deployed))]);
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function environmentsOf(platform: Platform, wanted: string | undefined): readonly Environment[] {
  const { environments } = platform.spec;
  if (wanted === undefined) return environments;
  const found = environments.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const known = environments.map(({ name }) => name).join(", ");
  throw new ManifestsError("unknown-environment", `there is no environment "${wanted}"; there are ${known}`);
}

import { GoNil, mapType, withType } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import type { Dependency, Maintainer, Metadata } from "../chart/metadata.ts";

const annotationsType = mapType("string");

/** `.Chart`: the chart's metadata under the names of Go's fields. */
export function metadataValue(metadata: Metadata, isRoot: boolean): GoMap {
  return {
    Name: metadata.name,
    Home: metadata.home,
    Sources: [...metadata.sources],
    Version: metadata.version,
    Description: metadata.description,
    Keywords: [...metadata.keywords],
    Maintainers: metadata.maintainers.flatMap((entry) => (entry === null ? [] : [maintainerValue(entry)])),
    Icon: metadata.icon,
    APIVersion: metadata.apiVersion,
    Condition: metadata.condition,
    Tags: metadata.tags,
    AppVersion: metadata.appVersion,
    Deprecated: metadata.deprecated,
    Annotations:
      metadata.annotations === null
        ? new GoNil(annotationsType)
        : withType(annotationsType, { ...metadata.annotations }),
    KubeVersion: metadata.kubeVersion,
    Dependencies: (metadata.dependencies ?? []).flatMap((entry) => (entry === null ? [] : [dependencyValue(entry)])),
    Type: metadata.type,
    IsRoot: isRoot,
  };
}

function maintainerValue(maintainer: Maintainer): GoMap {
  return { Name: maintainer.name, Email: maintainer.email, URL: maintainer.url };
}

function dependencyValue(dependency: Dependency): GoMap {
  return {
    Name: dependency.name,
    Version: dependency.version,
    Repository: dependency.repository,
    Condition: dependency.condition,
    Tags: [...dependency.tags],
    Enabled: dependency.enabled,
    ImportValues: [...dependency.importValues],
    Alias: dependency.alias,
  };
}

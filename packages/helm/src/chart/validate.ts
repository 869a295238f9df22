import { sprintf } from "@fairway/gotemplate";
import { HelmError } from "../errors.ts";
import { basePath } from "../text/go-path.ts";
import { parseVersion } from "../functions/semver.ts";
import type { Dependency, Metadata } from "./metadata.ts";

/** Helm's checks of a Chart.yaml, in its order and words. */
export function validateMetadata(metadata: Metadata): void {
  if (metadata.name === "") throw invalid("chart.metadata.name is required");
  if (metadata.name === "." || metadata.name === "..") {
    throw invalid(`chart.metadata.name ${sprintf("%q", metadata.name)} is not allowed`);
  }
  if (metadata.name !== basePath(metadata.name)) {
    throw invalid(`chart.metadata.name ${sprintf("%q", metadata.name)} is invalid`);
  }
  if (metadata.version === "") throw invalid("chart.metadata.version is required");
  if (parseVersion(metadata.version) === undefined) {
    throw invalid(`chart.metadata.version ${sprintf("%q", metadata.version)} is invalid`);
  }
  if (!["", "application", "library"].includes(metadata.type)) {
    throw invalid("chart.metadata.type must be application or library");
  }
  if (metadata.maintainers.includes(null)) throw invalid("maintainers must not contain empty or null nodes");
  validateDependencies(metadata.dependencies ?? []);
}

function validateDependencies(dependencies: readonly (Dependency | null)[]): void {
  const seen = new Set<string>();
  for (const dependency of dependencies) {
    if (dependency === null) throw invalid("dependencies must not contain empty or null nodes");
    if (dependency.alias !== "" && !/^[a-zA-Z0-9_-]+$/u.test(dependency.alias)) {
      throw invalid(`dependency ${sprintf("%q", dependency.name)} has disallowed characters in the alias`);
    }
    const key = dependency.alias === "" ? dependency.name : dependency.alias;
    if (seen.has(key)) throw invalid(`more than one dependency with name or alias ${sprintf("%q", key)}`);
    seen.add(key);
  }
}

function invalid(message: string): HelmError {
  return new HelmError("chart-invalid", `validation: ${message}`);
}

import type { Application, ApplicationSource } from "../argocd/application.ts";

/** The commit differs at every change, and is in no output that a reviewer wants to see: both sides get the same. */
const anyRevision = "0".repeat(40);

/** The variables that Argo CD offers to paths and parameters: `$ARGOCD_APP_NAME` and its siblings. */
export function buildEnvironment(
  application: Application,
  source: ApplicationSource,
): Readonly<Record<string, string>> {
  return {
    ARGOCD_APP_NAME: application.name,
    ARGOCD_APP_NAMESPACE: application.destinationNamespace,
    ARGOCD_APP_PROJECT_NAME: application.project,
    ARGOCD_APP_REVISION: anyRevision,
    ARGOCD_APP_REVISION_SHORT: anyRevision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: anyRevision.slice(0, 8),
    ARGOCD_APP_SOURCE_PATH: source.path ?? "",
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision,
  };
}

/** Fills `$NAME` and `${NAME}`; what is unknown becomes nothing, and `$$` is a dollar sign. */
export function substitute(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar?: string, braced?: string, bare?: string) => {
    if (dollar) return "$";
    const name = braced ?? bare ?? "";
    return Object.hasOwn(environment, name) ? (environment[name] ?? "") : "";
  });
}

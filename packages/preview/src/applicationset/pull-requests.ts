import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, type JsonObject } from "../json-value.ts";
import { withValues, type GeneratorRun } from "./generator-run.ts";
import type { Parameters } from "./parameters.ts";
import { slug } from "./slug.ts";
import type { KnownPullRequest } from "./world.ts";

export function pullRequestParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const wantedLabels = Object.values(settings).flatMap((forge) => listAt(forge, "labels"));
  const filters = listAt(settings, "filters").filter(isObject);
  return run.world.pullRequests
    .filter((each) => wantedLabels.every((label) => typeof label === "string" && each.labels?.includes(label)))
    .filter((each) => filters.length === 0 || filters.some((filter) => passes(filter, each)))
    .map((each) => withValues(parametersOf(each, run), settings, run.template));
}

function passes(filter: JsonObject, pullRequest: KnownPullRequest): boolean {
  const matches = (name: string, text: string) => {
    const pattern = textAt(filter, name);
    return pattern === undefined || expressionOf(pattern).test(text);
  };
  return (
    matches("branchMatch", pullRequest.branch) &&
    matches("targetBranchMatch", pullRequest.targetBranch ?? "") &&
    matches("titleMatch", pullRequest.title ?? "")
  );
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PreviewError("invalid-application", `filter of pull requests: ${error.message}`, { cause: error });
  }
}

function parametersOf(pullRequest: KnownPullRequest, run: GeneratorRun): Parameters {
  const { number, title = "", branch, targetBranch = "", headSha, author = "", labels = [] } = pullRequest;
  const parameters = {
    number: String(number),
    title,
    branch,
    branch_slug: slug(branch),
    target_branch: targetBranch,
    target_branch_slug: slug(targetBranch),
    head_sha: headSha,
    head_short_sha: headSha.slice(0, 8),
    head_short_sha_7: headSha.slice(0, 7),
    author,
  };
  return run.template.isGoTemplate ? { ...parameters, labels } : parameters;
}

import type { Job } from "../../schema/data/types/batch-v1.ts";
import { sortedEntries } from "../validation/labels.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";

const BACKOFF_UNLIMITED = 2 ** 31 - 1;
const BACKOFF_LIMIT = 6;

export function setJobDefaults({ metadata, spec }: Job): void {
  if (spec.parallelism === undefined) spec.completions ??= 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : BACKOFF_UNLIMITED;
  if (spec.template.metadata.labels) metadata.labels ??= spec.template.metadata.labels;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  spec.manualSelector ??= false;
  for (const rule of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  setTemplateDefaults(spec.template);
}

/** A selector of the job's own uid, unless the author wants to choose it. The uid is there before the strategy runs. */
export function completeSelector({ metadata, spec }: Job): void {
  if (spec.manualSelector) return;
  const uid = metadata.uid ?? "";
  const name = metadata.name ?? "";
  // A job without labels of its own has those of its pods: the very same, so that it has what is added to them too.
  const isShared = metadata.labels !== undefined && metadata.labels === spec.template.metadata.labels;
  // The names without a domain are those of earlier versions.
  const labels = sorted({
    ...spec.template.metadata.labels,
    "job-name": name,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "batch.kubernetes.io/controller-uid": uid,
  });
  spec.template.metadata.labels = labels;
  if (isShared) metadata.labels = { ...labels };
  spec.selector ??= {};
  spec.selector.matchLabels = sorted({ ...spec.selector.matchLabels, "batch.kubernetes.io/controller-uid": uid });
}

/** As messages show them. */
function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(sortedEntries(labels));
}

import { hasStarted } from "./pod-phase.ts";
import type { ContainerSlot } from "./container-slot.ts";
import type { ContainerStatus, Pod, PodCondition, PodPhase } from "./pod.ts";

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: PodPhase;
  readonly slots: readonly ContainerSlot[];
  readonly statuses: ReadonlyMap<ContainerSlot, ContainerStatus>;
  readonly hasSandbox: boolean;
  /** As the API server has them: conditions of others stay, times of unchanged ones too. */
  readonly known: readonly PodCondition[];
  /** Besides those of every pod. */
  readonly more: readonly Pick<PodCondition, "type" | "status" | "reason" | "message">[];
  readonly now: string;
}

type Verdict = Pick<PodCondition, "status" | "reason" | "message">;

/** The conditions that the kubelet owns, in its words. */
export function podConditions(input: ConditionInput): PodCondition[] {
  const containersReady = containersReadyVerdict(input);
  const verdicts: [string, Verdict][] = [
    ["PodReadyToStartContainers", { status: input.hasSandbox ? "True" : "False" }],
    ["Initialized", initializedVerdict(input)],
    ["Ready", readyVerdict(input, containersReady)],
    ["ContainersReady", containersReady],
    ["PodScheduled", { status: "True" }],
    ...input.more.map((each): [string, Verdict] => [each.type, each]),
  ];
  return verdicts.map(([type, verdict]) => {
    const known = input.known.find((condition) => condition.type === type);
    const since = known?.status === verdict.status ? known.lastTransitionTime : undefined;
    const { generation } = input.pod.metadata;
    return {
      type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: verdict.status,
      lastProbeTime: null,
      lastTransitionTime: since ?? input.now,
      ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
      ...(verdict.message === undefined ? {} : { message: verdict.message }),
    };
  });
}

function containersReadyVerdict({ phase, slots, statuses }: ConditionInput): Verdict {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const counted = slots.filter((slot) => slot.kind === "sidecar" || slot.kind === "main");
  const unready = counted.filter((slot) => statuses.get(slot)?.ready !== true).map((slot) => slot.container.name);
  if (unready.length === 0) return { status: "True" };
  return {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

function readyVerdict({ pod, known }: ConditionInput, containersReady: Verdict): Verdict {
  if (containersReady.status !== "True") return containersReady;
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = known.find((condition) => condition.type === conditionType);
    if (found === undefined)
      return [`corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`];
    if (found.status === "True") return [];
    return [`the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${found.status}`];
  });
  if (messages.length === 0) return { status: "True" };
  return { status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}

function initializedVerdict({ phase, slots, statuses }: ConditionInput): Verdict {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  if (hasStarted(slots)) return { status: "True" };
  const incomplete = slots.filter((slot) => {
    const status = statuses.get(slot);
    if (slot.kind === "init") return status?.ready !== true;
    return slot.kind === "sidecar" && status?.started !== true;
  });
  if (incomplete.length === 0) return { status: "True" };
  const names = incomplete.map((slot) => slot.container.name).join(" ");
  return {
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${names}]`,
  };
}

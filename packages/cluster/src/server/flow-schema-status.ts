import type { KubeClient } from "@fairway/kube-client";
import type { FlowSchema } from "../schema/data/types/flowcontrol-v1.ts";
import { flowSchemaStatusDelayMs } from "./limits.ts";

export interface FlowSchemaStatusOptions {
  readonly client: () => KubeClient;
  readonly now: () => Date;
  readonly log: (line: string) => void;
  readonly schemas: () => Iterable<FlowSchema>;
  readonly hasLevel: (name: string) => boolean;
}

export interface FlowSchemaStatus {
  /** A schema or a level did. */
  readonly changed: () => void;
  readonly close: () => void;
}

const manager = "api-priority-and-fairness-config-consumer-v1";

/** Writes into each FlowSchema whether the priority level that it names is there. */
export function keepFlowSchemaStatus(options: FlowSchemaStatusOptions): FlowSchemaStatus {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const look = async (): Promise<void> => {
    for (const schema of options.schemas()) {
      const condition = conditionOf(schema, options);
      if (condition !== undefined && !isClosed) await write(options, schema, condition);
    }
  };
  const changed = (): void => {
    if (isClosed || timer !== undefined) return;
    // What is written many at a time, at the start above all, is looked at together.
    timer = setTimeout(() => {
      timer = undefined;
      look().catch((error: unknown) =>
        options.log(`flow schemas: ${error instanceof Error ? error.message : String(error)}`),
      );
    }, flowSchemaStatusDelayMs);
  };
  const close = (): void => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { changed, close };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Undefined when the schema says it already. */
function conditionOf({ spec, status }: FlowSchema, { hasLevel }: FlowSchemaStatusOptions): Condition | undefined {
  const { name } = spec.priorityLevelConfiguration;
  const start = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)}`;
  const wanted = hasLevel(name)
    ? { type: "Dangling", status: "False", reason: "Found", message: `${start} and it exists` }
    : { type: "Dangling", status: "True", reason: "NotFound", message: `${start} but there is no such object` };
  const known = status?.conditions?.find(({ type }) => type === wanted.type);
  return known?.status === wanted.status && known.message === wanted.message ? undefined : wanted;
}

async function write(
  { client, now, log }: FlowSchemaStatusOptions,
  { metadata: { name = "" } }: FlowSchema,
  condition: Condition,
): Promise<void> {
  const lastTransitionTime = `${now().toISOString().slice(0, 19)}Z`;
  const answer = await client().request({
    method: "PATCH",
    path: `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${encodeURIComponent(name)}/status`,
    query: { fieldManager: manager, force: "true" },
    contentType: "application/apply-patch+yaml",
    body: {
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "FlowSchema",
      metadata: { name },
      status: { conditions: [{ ...condition, lastTransitionTime }] },
    },
  });
  // One that has gone meanwhile needs no status.
  if (answer.status !== 200 && answer.status !== 404) log(`the status of flow schema ${name}: ${answer.status}`);
}

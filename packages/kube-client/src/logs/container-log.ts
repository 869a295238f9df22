import { linesOf } from "../json-lines.ts";
import type { StreamingKubeClient } from "../kube-client.ts";
import { failureOf } from "../kube-error.ts";
import { logLineBytesMax } from "../limits.ts";
import { resourcePath } from "../objects/resource-kind.ts";

export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LogLine extends ContainerName {
  /** When it was written: `2026-01-31T12:00:00.000000000Z`. */
  readonly time: string;
  readonly text: string;
}

/** Which lines of a container's log. */
export interface LogChoice {
  readonly follow?: boolean;
  /** Of the run before the last restart. */
  readonly previous?: boolean;
  readonly tailLines?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  readonly sinceTime?: string | undefined;
}

const pods = { group: "", version: "v1", plural: "pods" };

/** The lines as the server sends them; the time of each comes along, so that one can go on after the last. */
export async function* containerLog(
  client: StreamingKubeClient,
  name: ContainerName,
  choice: LogChoice,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogLine> {
  const path = resourcePath(pods, { namespace: name.namespace, name: name.pod, subresource: "log" });
  const { tailLines, sinceSeconds, sinceTime } = choice;
  const query = {
    container: name.container,
    timestamps: "true",
    ...(choice.follow === true ? { follow: "true" } : {}),
    ...(choice.previous === true ? { previous: "true" } : {}),
    ...(tailLines === undefined ? {} : { tailLines: String(tailLines) }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds: String(sinceSeconds) }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
  const request = { method: "GET", path, query, ...(signal === undefined ? {} : { signal }) } as const;
  const answer = await client.stream(request);
  if (answer.bytes === undefined) throw failureOf(request, answer);
  for await (const line of linesOf(answer.bytes, logLineBytesMax)) {
    const space = line.indexOf(" ");
    const time = space === -1 ? line : line.slice(0, space);
    yield { ...name, time, text: space === -1 ? "" : line.slice(space + 1) };
  }
}

import { setTimeout } from "node:timers/promises";
import { wireAnswer, type WireAnswer } from "../diff/answer.ts";
import { messageOf } from "../machine/oracle-error.ts";
import type { ClusterClient, HttpAnswer, HttpQuestion } from "../diff/cluster-client.ts";
import { Identities } from "../diff/normalise.ts";
import type { Case, CaseStep } from "./case.ts";
import { edited, isMap, type JsonMap } from "./edit.ts";
import { awaitedAttempts, awaitedMs } from "./limits.ts";

/** Tells the requests of a case to one server, in a namespace of this name, and returns its answers, made comparable. */
export async function tellCase(
  client: ClusterClient,
  { steps }: Pick<Case, "steps">,
  namespace: string,
): Promise<readonly WireAnswer[]> {
  const surroundings = { namespace, saved: new Map<string, string>(), identities: new Identities() };
  const answers: WireAnswer[] = [];
  let last: JsonMap = {};
  for (const step of steps) {
    const question = questionOf(step, last, namespace);
    const answer = step.isAwaited ? await answerInTime(client, question) : await answerOrEnd(client, question);
    last = objectOf(answer) ?? last;
    const comparable = wireAnswer(`${step.method} ${step.path}`, answer, surroundings);
    answers.push(JSON.parse(JSON.stringify(comparable)) as WireAnswer);
  }
  return answers;
}

/** Unknown, or known and just being set up. */
const notYet = new Set([404, 429]);

async function answerInTime(client: ClusterClient, question: HttpQuestion): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await answerOrEnd(client, question);
    if (!notYet.has(answer.status) || attempt === awaitedAttempts) return answer;
    await setTimeout(awaitedMs);
  }
}

/** A connection that is cut in place of an answer is an answer as well. */
async function answerOrEnd(client: ClusterClient, question: HttpQuestion): Promise<HttpAnswer> {
  try {
    return await client.send(question);
  } catch (error) {
    return { status: 0, headers: {}, body: `no answer: ${messageOf(error)}` };
  }
}

/** Pods are refused in a namespace until its service account is there. */
export async function makeNamespace(client: ClusterClient, namespace: string): Promise<void> {
  const make = async (path: string, name: string): Promise<void> => {
    await client.send({ method: "POST", path, headers: [], body: JSON.stringify({ metadata: { name } }) });
  };
  await make("/api/v1/namespaces", namespace);
  await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, "default");
}

/** Some objects say who made them, so that both servers are asked by the same. */
const identity = [
  ["impersonate-user", "teller"],
  ["impersonate-group", "system:masters"],
] as const;

function questionOf({ method, path, headers = {}, body, ofLast, edits }: CaseStep, last: JsonMap, namespace: string) {
  const before = ofLast ? last : body;
  const whole = edits === undefined ? before : edited(before, edits);
  const text = whole === undefined ? "" : JSON.stringify(whole).replaceAll("$ns", namespace);
  return {
    method,
    path: path.replaceAll("$ns", namespace),
    headers: [...identity, ...Object.entries(headers)],
    body: text,
  };
}

function objectOf({ status, headers, body }: HttpAnswer): JsonMap | undefined {
  if (status >= 300 || !(headers["content-type"] ?? "").includes("json")) return undefined;
  const value: unknown = JSON.parse(body);
  const isOne = isMap(value) && isMap(value["metadata"]) && value["kind"] !== "Status" && !("items" in value);
  return isOne ? value : undefined;
}

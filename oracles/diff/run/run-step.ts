// Carries out one step. What it gives is what the cluster said; steps that only prepare give nothing.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { decode } from "@fairway/yaml";
import { findClient } from "../clients/client-programs.ts";
import { runClient } from "../clients/run-client.ts";
import type { OutgoingRequest } from "../cluster/http-client.ts";
import { openWatch, watchNamed } from "../cluster/watch-stream.ts";
import { DiffError } from "../diff-error.ts";
import { field, textField } from "../json.ts";
import type { Json } from "../json.ts";
import { conditionTimeoutMs, pollMs } from "./limits.ts";
import { applyMutations } from "../scenario/cases.ts";
import type { Capture, CommandStep, EventsStep, Mutation, RequestLine, Step, WaitStep } from "../scenario/scenario.ts";
import { valueAt } from "../scenario/value-path.ts";
import { fillIn } from "../scenario/variables.ts";
import { httpReply } from "./answer.ts";
import type { CommandReply, EventsReply, HttpReply, Reply, WaitReply } from "./answer.ts";
import type { ScenarioContext } from "./scenario-context.ts";

export async function runStep(context: ScenarioContext, step: Step): Promise<Reply | undefined> {
  switch (step.kind) {
    case "request": {
      const outgoing = outgoingOf(context, step.request, step.change);
      const reply = httpReply(await context.target.client.send(outgoing), step.view.raw);
      noteMade(context, outgoing, reply);
      capture(context, step.captures, reply.body);
      return reply;
    }
    case "wait":
      return runWait(context, step);
    case "command":
      return runCommand(context, step);
    case "watch": {
      const stream = await openWatch(context.target.client, outgoingOf(context, step.request, []));
      context.watches.set(step.name, stream);
      return { kind: "http", status: stream.status, headers: stream.headers, body: stream.refusal };
    }
    case "events":
      return takeEvents(context, step);
    case "webhook":
      context.target.webhooks.define(`/${context.namespace}/${step.name}`, fillIn(step.behaviour, context.variables));
      return undefined;
    case "calls":
      return { kind: "calls", calls: context.target.webhooks.callsOf(`/${context.namespace}/${step.name}`) };
    case "file": {
      const path = join(context.folder, step.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, fillIn(step.text, context.variables));
      return undefined;
    }
  }
}

function outgoingOf(context: ScenarioContext, line: RequestLine, change: readonly Mutation[]): OutgoingRequest {
  const fill = (text: string): string => fillIn(text, context.variables);
  const { identity } = line;
  const headers: [string, string][] = line.headers.map(([name, value]) => [name, fill(value)]);
  if (identity.user !== undefined) headers.push(["Impersonate-User", fill(identity.user)]);
  for (const group of identity.groups) headers.push(["Impersonate-Group", fill(group)]);
  return {
    method: line.method,
    path: fill(line.path),
    headers,
    body: line.body === undefined ? undefined : bodyOf(line, fill, change),
    anonymous: identity.anonymous,
    ...(identity.token === undefined ? {} : { token: fill(identity.token) }),
  };
}

function bodyOf(line: RequestLine, fill: (text: string) => string, change: readonly Mutation[]): string {
  const text = fill(line.body ?? "");
  if (line.send === "text") return text;
  const value = decode(text) as Json;
  return JSON.stringify(change.length === 0 ? value : applyMutations(value, change, fill));
}

/** Objects without a namespace outlive the scenario's own: their paths are kept, to remove them. */
function noteMade(context: ScenarioContext, outgoing: OutgoingRequest, reply: HttpReply): void {
  const [path = "", query = ""] = outgoing.path.split("?");
  if (reply.status !== 201 || query.includes("dryRun") || /\/namespaces\/[^/]+\//u.test(path)) return;
  if (outgoing.method !== "POST") context.made.add(path);
  const name = textField(field(reply.body, "metadata"), "name");
  if (outgoing.method === "POST" && name !== undefined && name !== "") context.made.add(`${path}/${name}`);
}

function capture(context: ScenarioContext, captures: readonly Capture[], body: Json | undefined): void {
  for (const { name, path } of captures) {
    const found = valueAt(body, path);
    context.variables.set(
      name,
      found === undefined ? `no-${name}` : typeof found === "string" ? found : JSON.stringify(found),
    );
  }
}

async function runWait(context: ScenarioContext, step: WaitStep): Promise<WaitReply> {
  const outgoing = outgoingOf(context, step.request, []);
  const deadline = performance.now() + step.withinMs;
  for (;;) {
    const answer = httpReply(await context.target.client.send(outgoing), false);
    noteMade(context, outgoing, answer);
    const last = JSON.stringify(answer.body) ?? "";
    if (step.until.holds({ status: answer.status, body: answer.body })) {
      capture(context, step.captures, answer.body);
      return { kind: "wait", met: true, last };
    }
    if (performance.now() > deadline) return { kind: "wait", met: false, last };
    await delay(pollMs);
  }
}

async function runCommand(context: ScenarioContext, step: CommandStep): Promise<CommandReply> {
  const version = step.version ?? context.kubectl;
  const program = findClient(step.program, step.program === "helm" ? undefined : version);
  if (program === undefined) throw new DiffError("client-missing", `${step.program} ${version ?? ""} is not there`);
  return runClient({
    program,
    arguments: step.arguments.map((each) => fillIn(each, context.variables)),
    input: step.input === undefined ? undefined : fillIn(step.input, context.variables),
    folder: context.folder,
  });
}

async function takeEvents(context: ScenarioContext, step: EventsStep): Promise<EventsReply> {
  const watch = watchNamed(context.watches, step.name);
  const { until } = step;
  const fits = until === undefined ? undefined : (event: Json) => until.holds({ status: 200, body: event });
  const { events, end } = await watch.take({ count: step.count, fits }, conditionTimeoutMs);
  return { kind: "events", end, events };
}

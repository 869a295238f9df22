import { setTimeout as sleep } from "node:timers/promises";
import { decode } from "@fairway/yaml";
import { OracleError } from "../machine/oracle-error.ts";
import { commandAnswer, wireAnswer, type Answer } from "./answer.ts";
import { clientPath } from "./clients/client-program.ts";
import { ClientHome } from "./clients/run-client.ts";
import { headOf, type ClusterClient, type HttpAnswer, type HttpQuestion } from "./cluster-client.ts";
import { stepsOf } from "./invalid-corpus.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { conditionTimeoutMs, settledLooks, settledMs } from "./limits.ts";
import { Identities, normalisedJson } from "./normalise.ts";
import { bringPods } from "./pods.ts";
import type { CallsStep, CommandStep, EventsStep, IdentityStep } from "./scenario.ts";
import type { PodsStep, RequestStep, Scenario, Step } from "./scenario.ts";
import { Stage } from "./stage.ts";
import { WatchStream } from "./watch-stream.ts";
import { WebhookServer } from "./webhooks/webhook-server.ts";

export interface RunOptions {
  readonly access: ClusterAccess;
  readonly client: ClusterClient;
  /** How long a `@until` condition may take to hold, and the events of a watch to come. */
  readonly patienceMs?: number | undefined;
  /** Called before each step, and without one when the last is done. */
  readonly onStep?: (step: Step | undefined) => void;
}

/** Tells a scenario to a cluster and returns its answers, made comparable. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<readonly Answer[]> {
  const stage = new Stage(options.client);
  const run = new ScenarioRun(scenario, options, stage);
  await stage.set(scenario);
  try {
    return await run.tell();
  } finally {
    // Webhooks answer until nothing calls them any more.
    await stage.clear();
    await run.close();
  }
}

const pollMs = 100;

class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #stage: Stage;
  readonly #patienceMs: number;
  readonly #saved = new Map<string, string>();
  readonly #answers: Answer[] = [];
  readonly #watches = new Map<string, WatchStream>();
  readonly #identities: Identities;
  #identity: readonly (readonly [string, string])[] = [];
  #last: HttpAnswer | undefined;
  #home: ClientHome | undefined;
  #webhooks: WebhookServer | undefined;

  constructor(scenario: Scenario, options: RunOptions, stage: Stage) {
    this.#scenario = scenario;
    this.#options = options;
    this.#stage = stage;
    this.#identities = new Identities({ countVersions: scenario.needs === "api" });
    this.#patienceMs = options.patienceMs ?? conditionTimeoutMs;
  }

  async tell(): Promise<readonly Answer[]> {
    for (const step of this.#scenario.steps) {
      this.#options.onStep?.(step);
      await this.#perform(step);
    }
    this.#options.onStep?.(undefined);
    return this.#answers;
  }

  async close(): Promise<void> {
    for (const watch of this.#watches.values()) watch.close();
    this.#home?.remove();
    await this.#webhooks?.close();
  }

  async #perform(step: Step): Promise<void> {
    switch (step.kind) {
      case "request":
        return this.#request(step);
      case "command":
        return this.#command(step);
      case "events":
        return this.#events(step);
      case "file":
        return this.#clientHome.write(step.path, this.#filled(step.content));
      case "webhook":
        this.#webhooks ??= await WebhookServer.start();
        return this.#webhooks.define(step.name, this.#filled(step.behaviour));
      case "calls":
        return this.#calls(step);
      case "pods":
        return this.#bringPods(step);
      case "identity":
        return this.#become(step);
      case "save":
        this.#saved.set(step.name, String(valueAt(this.#last?.body ?? "", step.path) ?? ""));
    }
  }

  async #request(step: RequestStep): Promise<void> {
    const question = {
      method: step.method,
      path: this.#filled(step.path),
      headers: [...step.headers, ...this.#identity].map(([name, value]) => [name, this.#filled(value)] as const),
      body: this.#filled(step.body),
    };
    if (step.watch !== undefined) return this.#watch(step, question);
    const last = await this.#ask(step, question);
    this.#last = last;
    if (step.isSetup && !step.until && last.status >= 400)
      throw this.#broken(step, `the setup was refused (${last.status}): ${last.body}`);
    // Also of what is not compared, so that its uids and versions are known afterwards.
    const answer = wireAnswer(`${step.method} ${step.path}`, last, this.#surroundings);
    if (!step.isSetup) this.#answers.push(answer);
  }

  /** Once, or until the condition of the step holds and, where controllers act, nothing changes any more. */
  async #ask(step: RequestStep, question: HttpQuestion): Promise<HttpAnswer> {
    const { until } = step;
    const mustSettle = this.#scenario.needs === "controllers" && step.method === "GET" && !step.isSetup;
    const deadlineMs = performance.now() + this.#patienceMs;
    let settled = { text: "", sinceMs: 0, looks: 0 };
    for (;;) {
      const answer = await this.#options.client.send(question);
      this.#stage.note(question.method, question.path, answer);
      const found = until && foundAt(answer, until.path);
      const now = performance.now();
      if (!until || fits(found, this.#filled(until.value))) {
        const text = withoutListVersion(answer.body);
        if (text !== settled.text) settled = { text, sinceMs: now, looks: 0 };
        settled.looks += 1;
        const isCalm = settled.looks >= settledLooks && now - settled.sinceMs >= settledMs;
        if (!mustSettle || isCalm) return answer;
      } else settled = { text: "", sinceMs: 0, looks: 0 };
      if (now > deadlineMs) {
        const wanted = until ? `${until.path} is ${String(found)}, not ${until.value}` : "it goes on changing";
        throw this.#broken(step, `${wanted}, after ${this.#patienceMs / 1000} s: ${answer.body}`);
      }
      await sleep(pollMs);
    }
  }

  async #watch(step: RequestStep, question: HttpQuestion): Promise<void> {
    const answer = await this.#options.client.open(question);
    this.#watches.set(step.watch ?? "", new WatchStream(answer));
    if (!step.isSetup) {
      const head = { ...headOf(answer), body: "" };
      this.#answers.push(wireAnswer(`watch ${step.path}`, head, this.#surroundings));
    }
  }

  async #events({ watch, count, line }: EventsStep): Promise<void> {
    const stream = this.#watches.get(watch);
    if (!stream) throw new OracleError("bad-input", `${this.#scenario.file}:${line}: no watch ${watch} was opened`);
    const body = await stream.take(count, this.#patienceMs);
    const headers = { "content-type": "application/json" };
    this.#answers.push(wireAnswer(`events ${watch} ${count}`, { status: 200, headers, body }, this.#surroundings));
  }

  #calls({ webhook, count, isSetup }: CallsStep): void {
    const calls = this.#webhooks?.takeCalls(webhook).slice(0, count) ?? [];
    if (!isSetup) this.#answers.push({ step: `calls ${webhook}`, calls: normalisedJson(calls, this.#surroundings) });
  }

  async #bringPods(step: PodsStep): Promise<void> {
    const { namespace } = this.#stage;
    return bringPods(step, { client: this.#options.client, namespace, patienceMs: this.#patienceMs });
  }

  async #command(step: CommandStep): Promise<void> {
    const { program, args, input, isSetup } = step;
    const result = await this.#clientHome.run({
      program: clientPath(program, this.#scenario.kubectl ?? ""),
      args: args.map((word) => this.#filled(word)),
      input: this.#filled(input),
    });
    if (isSetup && result.exitCode !== 0) throw this.#broken(step, `the setup failed: ${result.errors}`);
    if (!isSetup) this.#answers.push(commandAnswer(step, result, this.#surroundings));
  }

  get #clientHome(): ClientHome {
    this.#home ??= new ClientHome(this.#options.access, this.#stage.namespace);
    return this.#home;
  }

  #become({ user, groups }: IdentityStep): void {
    const group = groups.map((each) => ["Impersonate-Group", each] as const);
    this.#identity = user === "" ? [] : [["Impersonate-User", this.#filled(user)], ...group];
  }

  #filled(text: string): string {
    return text.replaceAll(/\$(ns\b|[a-z]\w*)/g, (whole, name: string) => {
      if (name === "ns") return this.#stage.namespace;
      if (name === "hooks") return this.#webhooks?.url ?? whole;
      if (name === "ca") return this.#webhooks?.authority ?? whole;
      return this.#saved.get(name) ?? whole;
    });
  }

  #broken({ line }: Step, message: string): OracleError {
    return new OracleError("command-failed", `${this.#scenario.file}:${line}: ${message}`);
  }

  get #surroundings() {
    return { namespace: this.#stage.namespace, saved: this.#saved, identities: this.#identities };
  }
}

/** That of the whole cluster: it changes with whatever anybody does. */
function withoutListVersion(body: string): string {
  return body.replace(/"metadata":\{"resourceVersion":"\d+"\}/u, "");
}

/** `header.warning`, or a path into the body. */
function foundAt({ headers, body }: HttpAnswer, path: string): unknown {
  return path.startsWith("header.") ? headers[path.slice("header.".length)] : valueAt(body, path);
}

function fits(found: unknown, value: string): boolean {
  if (found === undefined) return value === "undefined";
  const pattern = /^\/(?<pattern>.+)\/$/u.exec(value)?.groups?.["pattern"];
  return pattern === undefined ? String(found) === value : new RegExp(pattern, "u").test(String(found));
}

function valueAt(body: string, path: string): unknown {
  let value: unknown;
  try {
    value = decode(body);
  } catch {
    return undefined;
  }
  for (const step of stepsOf(path))
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

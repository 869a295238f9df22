import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { decode } from "@fairway/yaml";
import { OracleError } from "../machine/oracle-error.ts";
import { commandAnswer, wireAnswer, type Answer } from "./answer.ts";
import { ClientHome } from "./clients/run-client.ts";
import { clientPath } from "./clients/client-program.ts";
import { headOf, type ClusterClient, type HttpAnswer, type HttpQuestion } from "./cluster-client.ts";
import { stepsOf } from "./invalid-corpus.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { conditionTimeoutMs } from "./limits.ts";
import { Identities } from "./normalise.ts";
import type { CommandStep, EventsStep, IdentityStep, RequestStep, Scenario, Step } from "./scenario.ts";
import { WatchStream } from "./watch-stream.ts";

export interface RunOptions {
  readonly access: ClusterAccess;
  readonly client: ClusterClient;
  /** Called before each step, and without one when the last is done. */
  readonly onStep?: (step: Step | undefined) => void;
}

/** Tells a scenario to a cluster and returns its answers, made comparable. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<readonly Answer[]> {
  const run = new ScenarioRun(scenario, options);
  await run.makeNamespace();
  try {
    return await run.tell();
  } finally {
    run.close();
    await run.removeNamespace();
  }
}

const pollMs = 100;

class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #namespace = `diff-${randomBytes(6).toString("hex")}`;
  readonly #saved = new Map<string, string>();
  readonly #answers: Answer[] = [];
  readonly #watches = new Map<string, WatchStream>();
  readonly #identities = new Identities();
  #identity: readonly (readonly [string, string])[] = [];
  #last: HttpAnswer | undefined;
  #home: ClientHome | undefined;

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
  }

  async makeNamespace(): Promise<void> {
    await this.#prepare("/api/v1/namespaces", {
      metadata: { name: this.#namespace, labels: this.#scenario.labels },
    });
    // A controller makes it too, some time later; pods are refused until it is there.
    await this.#prepare(`/api/v1/namespaces/${this.#namespace}/serviceaccounts`, { metadata: { name: "default" } });
  }

  async #prepare(path: string, object: object): Promise<void> {
    const answer = await this.#options.client.send({ method: "POST", path, headers: [], body: JSON.stringify(object) });
    if (answer.status === 201 || answer.status === 409) return;
    throw new OracleError("command-failed", `"${this.#scenario.title}" can't begin: ${path} answered ${answer.body}`);
  }

  async removeNamespace(): Promise<void> {
    await this.#options.client.send({
      method: "DELETE",
      path: `/api/v1/namespaces/${this.#namespace}`,
      headers: [],
      body: "",
    });
  }

  async tell(): Promise<readonly Answer[]> {
    for (const step of this.#scenario.steps) {
      this.#options.onStep?.(step);
      if (step.kind === "request") await this.#request(step);
      else if (step.kind === "command") await this.#command(step);
      else if (step.kind === "file") this.#clientHome.write(step.path, this.#filled(step.content));
      else if (step.kind === "events") await this.#events(step);
      else if (step.kind === "identity") this.#become(step);
      else this.#saved.set(step.name, String(valueAt(this.#last?.body ?? "", step.path) ?? ""));
    }
    this.#options.onStep?.(undefined);
    return this.#answers;
  }

  async #request(step: RequestStep): Promise<void> {
    const question = {
      method: step.method,
      path: this.#filled(step.path),
      headers: [...step.headers, ...this.#identity].map(([name, value]) => [name, this.#filled(value)] as const),
      body: this.#filled(step.body),
    };
    if (step.watch !== undefined) return this.#watch(step, question);
    this.#last = step.until
      ? await this.#until(() => this.#options.client.send(question), step)
      : await this.#options.client.send(question);
    if (step.isSetup && !step.until && this.#last.status >= 400) {
      const place = `${this.#scenario.file}:${step.line}`;
      throw new OracleError(
        "command-failed",
        `${place}: the setup was refused (${this.#last.status}): ${this.#last.body}`,
      );
    }
    // Also of what is not compared, so that its uids and versions are known afterwards.
    const answer = wireAnswer(`${step.method} ${step.path}`, this.#last, this.#surroundings);
    if (!step.isSetup) this.#answers.push(answer);
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
    const body = await stream.take(count);
    const headers = { "content-type": "application/json" };
    this.#answers.push(wireAnswer(`events ${watch} ${count}`, { status: 200, headers, body }, this.#surroundings));
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#home?.remove();
  }

  /** The last answer when the condition does not come true: the comparison then shows what it was. */
  async #until(ask: () => Promise<HttpAnswer>, { until }: RequestStep): Promise<HttpAnswer> {
    const deadlineMs = performance.now() + conditionTimeoutMs;
    for (;;) {
      const answer = await ask();
      if (!until || String(valueAt(answer.body, until.path)) === until.value || performance.now() > deadlineMs)
        return answer;
      await sleep(pollMs);
    }
  }

  async #command({ program, args, input, isSetup, line }: CommandStep): Promise<void> {
    const { exitCode, output, errors } = await this.#clientHome.run({
      program: clientPath(program, this.#scenario.kubectl ?? ""),
      args: args.map((word) => this.#filled(word)),
      input: this.#filled(input),
    });
    if (isSetup && exitCode !== 0)
      throw new OracleError("command-failed", `${this.#scenario.file}:${line}: the setup failed: ${errors}`);
    if (isSetup) return;
    const step = `${program} ${args.join(" ")}`;
    this.#answers.push(commandAnswer(step, { exitCode, output, errors }, this.#surroundings));
  }

  get #clientHome(): ClientHome {
    this.#home ??= new ClientHome(this.#options.access, this.#namespace);
    return this.#home;
  }

  #become({ user, groups }: IdentityStep): void {
    const group = groups.map((each) => ["Impersonate-Group", each] as const);
    this.#identity = user === "" ? [] : [["Impersonate-User", this.#filled(user)], ...group];
  }

  #filled(text: string): string {
    return text.replaceAll(/\$(ns\b|[a-z]\w*)/g, (whole, name: string) => {
      if (name === "ns") return this.#namespace;
      return this.#saved.get(name) ?? whole;
    });
  }

  get #surroundings() {
    return { namespace: this.#namespace, saved: this.#saved, identities: this.#identities };
  }
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

import { OracleError } from "../machine/oracle-error.ts";
import { usualKubectlVersions, type Program } from "./clients/client-program.ts";
import type { CallsStep, Condition, PodsStep, PodState, Scenario, Step } from "./scenario.ts";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Reads a file of scenarios:
 *
 * ```
 * # Lines before the first scenario, and lines that begin with a number sign in column one, are comments.
 * === a merge patch removes a key with null
 * @setup
 * > POST /api/v1/namespaces/$ns/configmaps
 * { "metadata": { "name": "a" }, "data": { "x": "1" } }
 * > PATCH /api/v1/namespaces/$ns/configmaps/a
 * > Content-Type: application/merge-patch+json
 * { "data": { "x": null } }
 * $ kubectl get configmap a -o yaml
 * @file more.yaml
 * { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }
 * $ kubectl apply -f more.yaml -f -
 * { apiVersion: v1, kind: ConfigMap, metadata: { name: "the standard input" } }
 * ```
 *
 * A scenario with kubectl is told once with each of several versions of it.
 */
export function parseScenarios(file: string, text: string): readonly Scenario[] {
  const reader = new ScenarioReader(file);
  for (const [index, line] of text.split("\n").entries()) reader.read(line, index + 1);
  return reader.finish();
}

/** A step with lines of text after it. */
interface OpenStep {
  readonly lines: string[];
  /** Of a request alone. */
  readonly headers: [string, string][] | undefined;
  readonly finish: (text: string) => Step;
}

interface OpenScenario {
  readonly title: string;
  readonly line: number;
  needs: Scenario["needs"];
  kubectl: readonly string[];
  readonly labels: Record<string, string>;
  readonly steps: Step[];
}

class ScenarioReader {
  readonly #file: string;
  readonly #scenarios: Scenario[] = [];
  readonly #titles = new Set<string>();
  #current: OpenScenario | undefined;
  #open: OpenStep | undefined;
  #until: Condition | undefined;
  #isSetup = false;
  #watch: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  read(line: string, number: number): void {
    if (line.startsWith("#")) return;
    if (line.startsWith("=== ")) this.#begin(line.slice(4).trim(), number);
    else if (!this.#current) {
      if (line.trim() !== "") throw this.#error(number, `expected "=== title", found ${JSON.stringify(line)}`);
    } else if (line.startsWith("> ")) this.#requestLine(line.slice(2).trim(), number);
    else if (line.startsWith("$ ")) this.#command(line.slice(2).trim(), number);
    else if (line.startsWith("@")) this.#directive(line.slice(1).trim(), number);
    else if (this.#open) this.#open.lines.push(line);
    else if (line.trim() !== "") throw this.#error(number, `text outside a step: ${JSON.stringify(line)}`);
  }

  finish(): readonly Scenario[] {
    this.#endScenario();
    return this.#scenarios;
  }

  #begin(title: string, line: number): void {
    this.#endScenario();
    if (this.#titles.has(title)) throw this.#error(line, `the title "${title}" stands here twice`);
    this.#titles.add(title);
    this.#current = { title, line, needs: "api", kubectl: [], labels: {}, steps: [] };
  }

  #requestLine(text: string, line: number): void {
    const [method = "", path = ""] = text.split(/\s+/, 2);
    if (methods.has(method)) {
      this.#endStep();
      if (!path.startsWith("/")) throw this.#error(line, `${method} needs a path that begins with a slash`);
      const headers: [string, string][] = [];
      const watch = this.#watch;
      const until = this.#until;
      this.#watch = undefined;
      this.#until = undefined;
      const request = {
        kind: "request",
        line,
        method,
        path,
        headers,
        until,
        isSetup: this.#takeSetup(),
        watch,
      } as const;
      this.#open = { lines: [], headers, finish: (body) => ({ ...request, body: body.trim() }) };
      return;
    }
    const colon = text.indexOf(":");
    if (!this.#open?.headers || colon === -1)
      throw this.#error(line, `neither a request nor a header: ${JSON.stringify(text)}`);
    this.#open.headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
  }

  #command(text: string, line: number): void {
    this.#endStep();
    const words = text.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
    const [program = "", ...args] = words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
    if (!isProgram(program)) throw this.#error(line, "a command is kubectl or helm");
    const command = { kind: "command", line, program, args, isSetup: this.#takeSetup() } as const;
    this.#open = { lines: [], headers: undefined, finish: (input) => ({ ...command, input }) };
  }

  #beginFile(path: string, line: number): void {
    this.#open = { lines: [], headers: undefined, finish: (content) => ({ kind: "file", line, path, content }) };
  }

  #beginWebhook(name: string, line: number): void {
    this.#open = { lines: [], headers: undefined, finish: (behaviour) => ({ kind: "webhook", line, name, behaviour }) };
  }

  #takeSetup(): boolean {
    const isSetup = this.#isSetup;
    this.#isSetup = false;
    return isSetup;
  }

  #directive(text: string, line: number): void {
    this.#endStep();
    const [name = "", ...words] = text.split(/\s+/);
    const steps = this.#current?.steps ?? [];
    if (name === "setup") this.#isSetup = true;
    else if (name === "file" && words.length === 1) this.#beginFile(words[0] ?? "", line);
    else if (name === "webhook" && words.length === 1) this.#beginWebhook(words[0] ?? "", line);
    else if (name === "calls" && /^\d*$/.test(words[1] ?? ""))
      steps.push({ ...callsOf(words), line, isSetup: this.#takeSetup() });
    else if (name === "pods" && words.length > 2) steps.push({ ...podsOf(words, this.#error(line, `@${text}`)), line });
    else if (name === "kubectl" && words.length > 0 && this.#current) this.#current.kubectl = words;
    else if (name === "until" && words.length > 1)
      this.#until = { path: words[0] ?? "", value: words.slice(1).join(" ") };
    else if (name === "watch" && words.length === 1) this.#watch = words[0];
    else if (name === "events" && /^[1-9]\d*$/.test(words[1] ?? ""))
      steps.push({ kind: "events", line, watch: words[0] ?? "", count: Number(words[1]) });
    else if (name === "labels" && this.#current) Object.assign(this.#current.labels, labelsOf(words));
    else if (name === "save" && words.length === 2)
      steps.push({ kind: "save", line, name: words[0] ?? "", path: words[1] ?? "" });
    else if (name === "as") steps.push({ kind: "identity", line, user: words[0] ?? "", groups: words.slice(1) });
    else if (name === "needs" && words[0] === "controllers" && this.#current) this.#current.needs = "controllers";
    else throw this.#error(line, `unknown directive @${text}: there are ${directives}`);
  }

  #endStep(): void {
    if (!this.#open) return;
    const { lines, finish } = this.#open;
    const text = lines.map((line) => `${line}\n`).join("");
    this.#current?.steps.push(finish(text));
    this.#open = undefined;
  }

  #endScenario(): void {
    this.#endStep();
    if (!this.#current) return;
    const { title, line, needs, labels, steps } = this.#current;
    if (!steps.some(isCompared)) {
      throw this.#error(line, `"${title}" compares nothing`);
    }
    for (const kubectl of versionsOf(this.#current)) {
      const isTold = steps.some((step) => step.kind === "command" && step.program === "kubectl");
      const suffix = isTold && kubectl !== undefined ? ` (kubectl ${kubectl})` : "";
      this.#scenarios.push({ file: this.#file, line, title: `${title}${suffix}`, needs, kubectl, labels, steps });
    }
    this.#current = undefined;
  }

  #error(line: number, message: string): OracleError {
    return new OracleError("bad-input", `${this.#file}:${line}: ${message}`);
  }
}

const directives =
  "setup, until PATH VALUE or /RE/, save NAME PATH, as USER [GROUP...], watch NAME, events NAME COUNT, file PATH, webhook NAME, calls NAME [COUNT], pods LABELS COUNT Ready|Unready|Succeeded|Failed [EXIT CODE], kubectl VERSION..., labels NAME=VALUE..., needs controllers";

function callsOf([webhook = "", count]: readonly string[]): Omit<CallsStep, "line" | "isSetup"> {
  return { kind: "calls", webhook, count: count === undefined ? undefined : Number(count) };
}

const podStates: readonly PodState["name"][] = ["Ready", "Unready", "Succeeded", "Failed"];

function podsOf([selector = "", count, state, exit]: readonly string[], wrong: Error): Omit<PodsStep, "line"> {
  const name = podStates.find((each) => each === state);
  if (name === undefined || !/^[1-9]\d*$/.test(count ?? "")) throw wrong;
  const exitCode = exit === undefined ? Number(name === "Failed") : Number(exit);
  return { kind: "pods", selector, count: Number(count), state: { name, exitCode } };
}

/** Helm is there in one version only: with both, the newest kubectl is enough. */
function versionsOf({ kubectl, steps }: OpenScenario): readonly (string | undefined)[] {
  const programs = new Set(steps.flatMap((step) => (step.kind === "command" ? [step.program] : [])));
  if (programs.size === 0) return [undefined];
  if (kubectl.length > 0) return kubectl;
  return programs.has("helm") ? usualKubectlVersions.slice(-1) : usualKubectlVersions;
}

function isProgram(word: string): word is Program {
  return word === "kubectl" || word === "helm";
}

function isCompared(step: Step): boolean {
  return step.kind === "events" || ("isSetup" in step && !step.isSetup);
}

function labelsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word.split("=", 1)[0] ?? "", word.slice(word.indexOf("=") + 1)]));
}

import { OracleError } from "../machine/oracle-error.ts";
import type { Condition, RequestStep, Scenario, Step } from "./scenario.ts";

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
 * ```
 */
export function parseScenarios(file: string, text: string): readonly Scenario[] {
  const reader = new ScenarioReader(file);
  for (const [index, line] of text.split("\n").entries()) reader.read(line, index + 1);
  return reader.finish();
}

interface OpenRequest extends Omit<RequestStep, "headers" | "body"> {
  readonly headers: [string, string][];
  readonly bodyLines: string[];
}

interface OpenScenario {
  readonly title: string;
  readonly line: number;
  needs: Scenario["needs"];
  readonly labels: Record<string, string>;
  readonly steps: Step[];
}

class ScenarioReader {
  readonly #file: string;
  readonly #scenarios: Scenario[] = [];
  readonly #titles = new Set<string>();
  #current: OpenScenario | undefined;
  #request: OpenRequest | undefined;
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
    else if (this.#request) this.#request.bodyLines.push(line);
    else if (line.trim() !== "") throw this.#error(number, `text outside a request: ${JSON.stringify(line)}`);
  }

  finish(): readonly Scenario[] {
    this.#endScenario();
    return this.#scenarios;
  }

  #begin(title: string, line: number): void {
    this.#endScenario();
    if (this.#titles.has(title)) throw this.#error(line, `the title "${title}" stands here twice`);
    this.#titles.add(title);
    this.#current = { title, line, needs: "api", labels: {}, steps: [] };
  }

  #requestLine(text: string, line: number): void {
    const [method = "", path = ""] = text.split(/\s+/, 2);
    if (methods.has(method)) {
      this.#endRequest();
      if (!path.startsWith("/")) throw this.#error(line, `${method} needs a path that begins with a slash`);
      this.#request = {
        kind: "request",
        line,
        method,
        path,
        headers: [],
        bodyLines: [],
        until: this.#until,
        isSetup: this.#isSetup,
        watch: this.#watch,
      };
      this.#watch = undefined;
      this.#until = undefined;
      this.#isSetup = false;
      return;
    }
    const colon = text.indexOf(":");
    if (!this.#request || colon === -1)
      throw this.#error(line, `neither a request nor a header: ${JSON.stringify(text)}`);
    this.#request.headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
  }

  #command(text: string, line: number): void {
    this.#endRequest();
    const words = text.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
    const unquoted = words.map((word) => word.replace(/^(['"])(.*)\1$/s, "$2"));
    if (unquoted[0] !== "kubectl" && unquoted[0] !== "helm") throw this.#error(line, "a command is kubectl or helm");
    this.#current?.steps.push({ kind: "command", line, words: unquoted, input: "" });
  }

  #directive(text: string, line: number): void {
    this.#endRequest();
    const [name = "", ...words] = text.split(/\s+/);
    const steps = this.#current?.steps ?? [];
    if (name === "setup") this.#isSetup = true;
    else if (name === "until" && words.length === 2) this.#until = { path: words[0] ?? "", value: words[1] ?? "" };
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

  #endRequest(): void {
    if (!this.#request) return;
    const { bodyLines, ...request } = this.#request;
    this.#current?.steps.push({ ...request, body: bodyLines.join("\n").trim() });
    this.#request = undefined;
  }

  #endScenario(): void {
    this.#endRequest();
    if (!this.#current) return;
    const { title, line, needs, labels, steps } = this.#current;
    if (!steps.some(isCompared)) {
      throw this.#error(line, `"${title}" compares nothing`);
    }
    this.#scenarios.push({ file: this.#file, line, title, needs, labels, steps });
    this.#current = undefined;
  }

  #error(line: number, message: string): OracleError {
    return new OracleError("bad-input", `${this.#file}:${line}: ${message}`);
  }
}

const directives =
  "setup, until PATH VALUE, save NAME PATH, as USER [GROUP...], watch NAME, events NAME COUNT, labels NAME=VALUE..., needs controllers";

function isCompared(step: Step): boolean {
  return step.kind === "command" || step.kind === "events" || (step.kind === "request" && !step.isSetup);
}

function labelsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word.split("=", 1)[0] ?? "", word.slice(word.indexOf("=") + 1)]));
}

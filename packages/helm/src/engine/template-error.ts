import { TemplateError } from "@fairway/gotemplate";
import { HelmError, messageOf } from "../errors.ts";

const warningStart = "HELM_ERR_START";
const warningEnd = "HELM_ERR_END";

/** Marks a message of `fail` or `required`, so that it can be found again in the chain of template errors around it. */
export function markMessage(message: string): string {
  return warningStart + message + warningEnd;
}

/** The error of a template that can't be parsed: only the place and the innermost reason. */
export function parseFailure(fileName: string, error: unknown): HelmError {
  const tokens = messageOf(error).split(": ");
  const message =
    tokens.length === 1
      ? `parse error in (${fileName}): ${messageOf(error)}`
      : `parse error at (${tokens[1]}): ${tokens.at(-1)}`;
  return new HelmError("template-invalid", message, { cause: error });
}

/** The error of a template that failed while it ran, as Helm 4 shows it: a line or two for each template on the way. */
export function executionFailure(fileName: string, error: unknown): HelmError {
  return new HelmError("template-failed", executionMessage(fileName, error), { cause: error });
}

function executionMessage(fileName: string, error: unknown): string {
  const message = messageOf(error);
  if (!(error instanceof TemplateError)) return message;
  const [, location, detail] = splitN(message, 3);
  if (location === undefined || detail === undefined) return `execution error in (${fileName}): ${message}`;
  const marked = between(detail);
  if (marked !== undefined) return `execution error at (${location}): ${marked}`;
  const steps: string[] = [];
  for (let current: unknown = error; current !== undefined; current = causeOf(current)) {
    const step = describeStep(messageOf(current));
    // Something else than a template is at the root: Helm gives the whole chain as it stands.
    if (step === undefined) return message;
    if (steps.at(-1) !== step) steps.push(step);
  }
  return steps.join("").trim();
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function splitN(message: string, count: number): string[] {
  const parts = message.split(": ");
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(": ")];
}

function between(text: string): string | undefined {
  const start = text.indexOf(warningStart);
  const end = text.lastIndexOf(warningEnd);
  return start === -1 || end < start + warningStart.length ? undefined : text.slice(start + warningStart.length, end);
}

/** `place`, `executing "name" at <node>:` and the reason, each on a line of its own. */
function describeStep(message: string): string | undefined {
  const prefix = "template: ";
  if (!message.startsWith(prefix)) return undefined;
  const rest = message.slice(prefix.length);
  if (rest.startsWith("no template ")) return `${message}\n`;
  const executing = rest.indexOf(": executing ");
  if (executing !== -1) {
    const step = describeExecution(rest.slice(0, executing), rest.slice(executing + ": executing ".length));
    if (step !== undefined) return step;
  }
  const colon = rest.lastIndexOf(": ");
  return colon === -1 ? undefined : `${rest.slice(0, colon)}\n  ${withoutNext(rest.slice(colon + 2))}\n`;
}

function describeExecution(location: string, after: string): string | undefined {
  const match = /^"([^"]*)" at </u.exec(after);
  if (match === null) return undefined;
  const rest = after.slice(match[0].length);
  const end = rest.indexOf(">: ");
  if (end === -1) return undefined;
  const reason = withoutNext(rest.slice(end + 3));
  return `${location}\n  executing "${match[1]}" at <${rest.slice(0, end)}>:\n    ${reason}\n`;
}

/** Leaves out the chained error of the next template, which gets lines of its own. */
function withoutNext(reason: string): string {
  const cut = reason.indexOf(" template:");
  return cut === -1 ? reason : reason.slice(0, cut);
}

import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { Opaque } from "../value.ts";
import type { Value } from "../value.ts";

const GROUP = "kubernetes.authorization";
export const AUTHORIZER_TYPE = `${GROUP}.Authorizer`;
const PATH_CHECK = `${GROUP}.PathCheck`;
const GROUP_CHECK = `${GROUP}.GroupCheck`;
const RESOURCE_CHECK = `${GROUP}.ResourceCheck`;
const DECISION = `${GROUP}.Decision`;

/** What an expression asks about. */
export interface AuthorizationQuestion {
  /** Undefined: the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AuthorizationDecision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

/** Answers at once: whoever evaluates expressions has the rules at hand. */
export type DecideAuthorization = (question: AuthorizationQuestion) => AuthorizationDecision;

interface Asking {
  readonly decide: DecideAuthorization;
  readonly question: Omit<AuthorizationQuestion, "verb">;
}

/** The value of the variable `authorizer`. */
export function authorizerValue(decide: DecideAuthorization): Opaque {
  return asking(AUTHORIZER_TYPE, { decide, question: {} });
}

function asking(type: string, content: Asking): Opaque {
  return new Opaque(type, content, (other) => other === content);
}

function add(type: string, field: keyof AuthorizationQuestion) {
  return (value: Value | undefined, text: Value | undefined): Opaque => {
    const { decide, question } = (value as Opaque).content as Asking;
    return asking(type, { decide, question: { ...question, [field]: text as string } });
  };
}

function forServiceAccount(value: Value | undefined, namespace: Value | undefined, name: Value | undefined): Opaque {
  const { decide, question } = (value as Opaque).content as Asking;
  const serviceAccount = { namespace: namespace as string, name: name as string };
  return asking(AUTHORIZER_TYPE, { decide, question: { ...question, serviceAccount } });
}

function check(value: Value | undefined, verb: Value | undefined): Opaque {
  const { decide, question } = (value as Opaque).content as Asking;
  const decision = decide({ ...question, verb: verb as string });
  return new Opaque(DECISION, decision, (other) => other === decision);
}

function decision(value: Value | undefined): AuthorizationDecision {
  return (value as Opaque).content as AuthorizationDecision;
}

export const AUTHORIZATION: Library = {
  name: "kubernetes.authorizer",
  types: [AUTHORIZER_TYPE, PATH_CHECK, GROUP_CHECK, RESOURCE_CHECK, DECISION].map((name) => opaque(name)),
  overloads: [
    overload(`${AUTHORIZER_TYPE}::path(string): ${PATH_CHECK}`, add(PATH_CHECK, "path")),
    overload(`${AUTHORIZER_TYPE}::group(string): ${GROUP_CHECK}`, add(GROUP_CHECK, "group")),
    overload(`${AUTHORIZER_TYPE}::serviceAccount(string, string): ${AUTHORIZER_TYPE}`, forServiceAccount),
    overload(`${GROUP_CHECK}::resource(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "resource")),
    overload(`${RESOURCE_CHECK}::subresource(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "subresource")),
    overload(`${RESOURCE_CHECK}::namespace(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "namespace")),
    overload(`${RESOURCE_CHECK}::name(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "name")),
    overload(`${RESOURCE_CHECK}::fieldSelector(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "fieldSelector")),
    overload(`${RESOURCE_CHECK}::labelSelector(string): ${RESOURCE_CHECK}`, add(RESOURCE_CHECK, "labelSelector")),
    overload(`${PATH_CHECK}::check(string): ${DECISION}`, check),
    overload(`${RESOURCE_CHECK}::check(string): ${DECISION}`, check),
    overload(`${DECISION}::errored(): bool`, (value) => decision(value).error !== undefined),
    overload(`${DECISION}::error(): string`, (value) => decision(value).error ?? ""),
    overload(`${DECISION}::allowed(): bool`, (value) => decision(value).allowed),
    overload(`${DECISION}::reason(): string`, (value) => decision(value).reason),
  ],
};

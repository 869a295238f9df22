import type { ServiceAccountTokens, TokenWish } from "../../access/service-accounts/tokens.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { apiVersionOf } from "../../kinds/index.ts";
import { namespaceOf, type Call } from "../call.ts";
import { answerObject } from "../respond.ts";
import type { ServerContext, SubresourceHandler } from "../server-context.ts";
import { ApiError, badRequest, conflict, invalid, methodNotAllowed } from "../status.ts";
import { admit } from "./admit.ts";
import { readNamed } from "./kind-named.ts";
import { bodyKind, canonical, sentObject, tracked } from "./sent-object.ts";

interface TokenRequest extends KubeObject {
  spec: {
    audiences?: readonly string[];
    expirationSeconds?: number;
    boundObjectRef?: BoundRef | null;
  };
}

interface BoundRef {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

const secondsByDefault = 3_600;
const secondsMin = 600;
const secondsMax = 2 ** 32;

export interface TokenRequestOptions {
  readonly tokens: ServiceAccountTokens;
  /** Of the API server itself. */
  readonly audiences: readonly string[];
}

/** A token for a service account: `serviceaccounts/token`. */
export function requestToken({ tokens, audiences }: TokenRequestOptions): SubresourceHandler {
  return async (call, context) => {
    const { info, now } = call;
    if (info.verb !== "create") throw methodNotAllowed();
    const kind = bodyKind(call.kind, { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" });
    const sent = await sentObject(context, call, kind);
    const wanted = sent.object as TokenRequest;
    wanted.spec = { ...wanted.spec };
    wanted.spec.expirationSeconds ??= secondsByDefault;
    const request = tracked(context, call, { ...sent, object: wanted }, kind) as TokenRequest;
    const account = accountOf(context, call, request);
    request.apiVersion = apiVersionOf(kind);
    request.spec.audiences = request.spec.audiences?.length ? request.spec.audiences : audiences;
    request.metadata = {
      ...request.metadata,
      name: info.name,
      namespace: namespaceOf(call),
      ...(account.metadata.uid === undefined ? {} : { uid: account.metadata.uid }),
      creationTimestamp: now.toISOString().replace(/\.\d+Z$/, "Z"),
    };
    await admit(context, call, { operation: "CREATE", object: request }, () => checkSeconds(request));
    const { expirationSeconds = secondsByDefault } = request.spec;
    const bound = boundTo(context, call, request.spec.boundObjectRef ?? undefined);
    const issued = tokens.issue({
      serviceAccount: account,
      audiences: request.spec.audiences,
      expirationSeconds,
      ...bound,
    });
    const status = { token: issued.token, expirationTimestamp: issued.expiresAt.toISOString().replace(/\.\d+Z$/, "Z") };
    return answerObject(call, canonical(context, kind, { ...request, status }), 201);
  };
}

const what = { group: "authentication.k8s.io", kind: "TokenRequest" };

function accountOf(context: ServerContext, call: Call, { metadata }: TokenRequest): KubeObject {
  const { name: wanted = "", uid } = metadata;
  const { name } = call.info;
  if (wanted !== "" && wanted !== name)
    throw invalid(what, name, [
      {
        reason: "FieldValueInvalid",
        field: "metadata.name",
        message: `Invalid value: ${JSON.stringify(wanted)}: must match the service account name if specified`,
      },
    ]);
  const account = readNamed(context, "serviceaccounts", { namespace: namespaceOf(call), name });
  if (uid && uid !== account.metadata.uid)
    throw conflict(
      { group: what.group, plural: what.kind },
      name,
      `the UID in the token request (${uid}) does not match the UID of the service account (${account.metadata.uid ?? ""})`,
    );
  return account;
}

function checkSeconds({ spec: { expirationSeconds = 0 } }: TokenRequest): void {
  const why =
    expirationSeconds < secondsMin
      ? "may not specify a duration less than 10 minutes"
      : expirationSeconds > secondsMax
        ? "may not specify a duration larger than 2^32 seconds"
        : undefined;
  if (why === undefined) return;
  throw invalid(what, "", [
    {
      reason: "FieldValueInvalid",
      field: "spec.expirationSeconds",
      message: `Invalid value: ${expirationSeconds}: ${why}`,
    },
  ]);
}

function boundTo(context: ServerContext, call: Call, ref: BoundRef | undefined): Pick<TokenWish, "boundTo" | "node"> {
  if (!ref) return {};
  const { kind = "", apiVersion = "", name = "", uid } = ref;
  const namespace = namespaceOf(call);
  const isCore = !apiVersion.includes("/");
  if (!isCore || (kind !== "Pod" && kind !== "Secret" && kind !== "Node")) {
    const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
    const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  if (name === "") throw new ApiError(400, "BadRequest", "Name parameter required.");
  const object = readNamed(context, `${kind.toLowerCase()}s`, { namespace: kind === "Node" ? "" : namespace, name });
  const { serviceAccountName, nodeName } = (object["spec"] ?? {}) as { serviceAccountName?: string; nodeName?: string };
  if (kind === "Pod" && serviceAccountName !== call.info.name)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(call.info.name)} to pod running with different serviceaccount name.`,
    );
  if (uid && uid !== object.metadata.uid)
    throw conflict(
      { group: "", plural: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  return { boundTo: { kind, object }, ...(kind === "Pod" && nodeName ? { node: nodeOf(context, nodeName) } : {}) };
}

/** A node that is gone is still told by its name. */
function nodeOf(context: ServerContext, name: string): { name: string; uid?: string } {
  try {
    const { uid } = readNamed(context, "nodes", { namespace: "", name }).metadata;
    return { name, ...(uid === undefined ? {} : { uid }) };
  } catch (error) {
    if (error instanceof ApiError) return { name };
    throw error;
  }
}

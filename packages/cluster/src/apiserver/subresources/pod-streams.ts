import type { IncomingMessage } from "node:http";
import type { Attributes, Decision } from "../../access/attributes.ts";
import { refusalOf } from "../../access/attributes.ts";
import type { ApiResponse } from "../../api/api-exchange.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { namespaceOf, type Call } from "../call.ts";
import type { ServerContext, SubresourceHandler } from "../server-context.ts";
import { ApiError, badRequest, forbidden, internalError, invalid, methodNotAllowed } from "../status.ts";
import { isTrue } from "../request-info.ts";
import { admit } from "./admit.ts";
import { answerOf, forward, isUpgrade, joined, onwardHeaders } from "./forward.ts";
import { readNamed } from "./kind-named.ts";
import type { KubeletConnections } from "./kubelet-connections.ts";
import { refusalBytesMax } from "./limits.ts";

interface Pod extends KubeObject {
  spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string }[];
    readonly ephemeralContainers?: readonly { readonly name: string }[];
  };
}

export interface PodStreamOptions {
  readonly kubelets: KubeletConnections;
  readonly authorize: (attributes: Attributes) => Decision;
}

const logParameters = ["follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "tailLines", "limitBytes"];

/** `pods/log`: what a container has written, from the kubelet of its node. */
export function podLog({ kubelets }: PodStreamOptions): SubresourceHandler {
  return async (call, context) => {
    const { info, request } = call;
    if (info.verb !== "get") throw methodNotAllowed();
    const errors = logFaults(request.query);
    if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, info.name, errors);
    const pod = podOf(context, call);
    const container = containerOf(pod, request.query.get("container") ?? "");
    if (!pod.spec.nodeName)
      return { kind: "whole", status: 204, headers: { "cache-control": "no-cache, private" }, body: "" };
    const query = new URLSearchParams();
    for (const name of logParameters) {
      const value = request.query.get(name);
      if (value !== null && value !== "")
        query.set(name, ["follow", "previous", "timestamps"].includes(name) ? String(isTrue(value)) : value);
    }
    const path = `/containerLogs/${encodeURIComponent(namespaceOf(call))}/${encodeURIComponent(info.name)}/${encodeURIComponent(container)}?${query}`;
    const node = nodeOf(context, pod.spec.nodeName);
    const onward = { method: "GET", path, host: pod.spec.nodeName, headers: {} };
    if (isUpgrade(call)) return joined(() => kubelets.connect(node), call, onward);
    const answer = await forward(await kubelets.connect(node), call, onward);
    const { statusCode: status = 500 } = answer;
    if (status < 200 || status > 206) throw await kubeletRefusal(answer, status, info.name);
    return {
      kind: "stream",
      status: 200,
      headers: { "content-type": "text/plain", "cache-control": "no-cache, private" },
      chunks: answer,
    };
  };
}

async function kubeletRefusal(answer: IncomingMessage, status: number, name: string): Promise<ApiError> {
  let text = "";
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    text += chunk.toString("utf8");
    if (text.length >= refusalBytesMax) break;
  }
  const message = text.slice(0, refusalBytesMax);
  if (status === 400) return badRequest(message);
  if (status === 500) return internalError(message);
  const details = { name, kind: "pods/log" };
  return status === 404
    ? new ApiError(404, "NotFound", `the server could not find the requested resource ( pods/log ${name})`, details)
    : new ApiError(
        status,
        "",
        `the server responded with the status code ${status} but did not return more information ( pods/log ${name})`,
        details,
      );
}

function logFaults(query: URLSearchParams): readonly FieldError[] {
  const fault = (field: string, why: string): FieldError => ({
    reason: "FieldValueInvalid",
    field,
    message: `Invalid value: ${query.get(field) ?? ""}: ${why}`,
  });
  const isBelow = (field: string, least: number): boolean => query.has(field) && Number(query.get(field)) < least;
  return [
    ...(isBelow("tailLines", 0) ? [fault("tailLines", "must be greater than or equal to 0")] : []),
    ...(isBelow("limitBytes", 1) ? [fault("limitBytes", "must be greater than 0")] : []),
    ...(query.has("sinceSeconds") && query.has("sinceTime")
      ? [
          {
            reason: "FieldValueForbidden",
            field: "<nil>",
            message: "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
          } as const,
        ]
      : isBelow("sinceSeconds", 1)
        ? [fault("sinceSeconds", "must be greater than 0")]
        : []),
  ];
}

/** `pods/exec`, `attach` and `portforward`: a stream between the client and the kubelet. */
export function podStream(
  which: "exec" | "attach" | "portForward",
  { kubelets, authorize }: PodStreamOptions,
): SubresourceHandler {
  return async (call, context) => {
    const { info, request } = call;
    if (request.method !== "GET" && request.method !== "POST") throw methodNotAllowed();
    // A browser can only GET when it wants a stream; it needs the same right.
    if (info.verb !== "create") needCreate(call, authorize);
    await admit(context, call, { operation: "CONNECT", object: optionsOf(which, request.query) });
    const pod = podOf(context, call);
    const container = which === "portForward" ? "" : containerOf(pod, request.query.get("container") ?? "");
    if (!pod.spec.nodeName) throw badRequest(`pod ${info.name} does not have a host assigned`);
    if (!isUpgrade(call)) throw badRequest("Upgrade request required");
    const node = nodeOf(context, pod.spec.nodeName);
    const place = [which, namespaceOf(call), info.name, ...(container === "" ? [] : [container])];
    const path = `/${place.map(encodeURIComponent).join("/")}?${streamQuery(request.query)}`;
    const onward = { method: request.method, path, host: pod.spec.nodeName, headers: {} };
    return joined(() => kubelets.connect(node), call, onward);
  };
}

function needCreate({ info, user }: Call, authorize: PodStreamOptions["authorize"]): void {
  const attributes = { ...info, user, verb: "create", resource: info.plural, kind: "resource" } as const;
  const decision = authorize(attributes);
  if (!decision.allowed)
    throw forbidden({ group: info.group, plural: info.plural }, info.name, refusalOf(attributes, decision.reason));
}

function optionsOf(which: string, query: URLSearchParams): KubeObject {
  const kind =
    { exec: "PodExecOptions", attach: "PodAttachOptions", portForward: "PodPortForwardOptions" }[which] ?? "";
  const flags = ["stdin", "stdout", "stderr", "tty"].filter((name) => isTrue(query.get(name)));
  return {
    kind,
    apiVersion: "v1",
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...(query.has("container") ? { container: query.get("container") } : {}),
    ...(query.has("command") ? { command: query.getAll("command") } : {}),
    ...(query.has("ports") ? { ports: query.getAll("ports").map(Number) } : {}),
    // Options have no metadata; every object of the API has.
  } as unknown as KubeObject;
}

const kubeletNames: Readonly<Record<string, string>> = {
  stdin: "input",
  stdout: "output",
  stderr: "error",
  tty: "tty",
};

function streamQuery(query: URLSearchParams): URLSearchParams {
  const onward = new URLSearchParams();
  for (const [name, kubelets] of Object.entries(kubeletNames)) if (isTrue(query.get(name))) onward.set(kubelets, "1");
  for (const command of query.getAll("command")) onward.append("command", command);
  for (const port of query.getAll("ports").flatMap((text) => text.split(","))) onward.append("port", port);
  return onward;
}

/** `nodes/proxy` without a port: what the kubelet itself answers. */
export function nodeProxy({ kubelets }: PodStreamOptions): SubresourceHandler {
  return async (call, context): Promise<ApiResponse> => {
    const { info, request } = call;
    const [name = "", port] = splitPort(info.name);
    const node = nodeOf(context, name);
    if (port !== "") throw badRequest(`only the kubelet of a node is proxied, not port ${port}`);
    await admit(context, call, { operation: "CONNECT", object: undefined });
    const path = `/${info.rest}${request.query.size === 0 ? "" : `?${request.query}`}`;
    const onward = { method: request.method, path, host: name, headers: onwardHeaders(call) };
    if (isUpgrade(call)) return joined(() => kubelets.connect(node), call, onward);
    return answerOf(await forward(await kubelets.connect(node), call, onward));
  };
}

/** `name`, `name:port` or `scheme:name:port`. */
export function splitPort(text: string): readonly [name: string, port: string, scheme: string] {
  const parts = text.split(":");
  if (parts.length === 3) return [parts[1] ?? "", parts[2] ?? "", parts[0] || "http"];
  return [parts[0] ?? "", parts[1] ?? "", "http"];
}

function podOf(context: ServerContext, call: Call): Pod {
  return readNamed(context, "pods", { namespace: namespaceOf(call), name: call.info.name }) as Pod;
}

function nodeOf(context: ServerContext, name: string): KubeObject {
  return readNamed(context, "nodes", { namespace: "", name });
}

function containerOf({ spec, metadata: { name = "" } }: Pod, wanted: string): string {
  const all = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    (each) => each.name,
  );
  if (wanted !== "") {
    if (!all.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
    return wanted;
  }
  const [only, ...others] = spec.containers;
  if (!only) throw badRequest(`a container name must be specified for pod ${name}`);
  if (others.length > 0)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(" ")}]`);
  return only.name;
}

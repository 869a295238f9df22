import type { KubeObject } from "../../object/kube-object.ts";
import {
  done,
  fromTimestamp,
  messageOf,
  requeueAfter,
  resources,
  toTimestamp,
  unless,
  watching,
} from "../../loop/index.ts";
import type { Controller, ControllerContext, Outcome } from "../../loop/index.ts";
import { isConditionTrue, replaceCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";

interface SigningRequest extends KubeObject {
  spec: {
    readonly request: string;
    readonly signerName: string;
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    readonly expirationSeconds?: number;
  };
  status?: { readonly certificate?: string; readonly conditions?: readonly Condition[] };
}

/** Those that a cluster signs by itself. */
const signers = new Set([
  "kubernetes.io/kube-apiserver-client",
  "kubernetes.io/kube-apiserver-client-kubelet",
  "kubernetes.io/kubelet-serving",
  "kubernetes.io/legacy-unknown",
]);

const minuteMs = 60_000;
const approvedMs = 60 * minuteMs;
const pendingMs = 24 * 60 * minuteMs;
const yearSeconds = 365 * 24 * 60 * 60;

/** Signs requests that were approved. */
export function certificateSigningController(context: ControllerContext): Controller {
  const requests = context.informers.of<SigningRequest>(resources.certificateSigningRequests);
  return {
    name: "certificatesigningrequest-signing-controller",
    watches: [watching(requests, ({ metadata }) => [metadata.name ?? ""])],
    reconcile: async (name) => {
      const request = requests.get("", name);
      return request === undefined ? done : sign(context, request);
    },
  };
}

async function sign(context: ControllerContext, request: SigningRequest): Promise<Outcome> {
  const { signCertificate } = context.options;
  const { spec, status, metadata } = request;
  const conditions = status?.conditions ?? [];
  const isOpen = isConditionTrue(conditions, "Approved") && !isConditionTrue(conditions, "Failed");
  if (!isOpen || (status?.certificate ?? "") !== "" || !signers.has(spec.signerName)) return done;
  if (signCertificate === undefined) return { kind: "waiting", reason: "nobody signs certificates" };
  let next: SigningRequest["status"];
  try {
    const certificate = await signCertificate({
      request: Buffer.from(spec.request, "base64").toString("utf8"),
      signerName: spec.signerName,
      usages: spec.usages ?? [],
      seconds: spec.expirationSeconds ?? yearSeconds,
    });
    next = { ...status, certificate: Buffer.from(certificate).toString("base64") };
  } catch (error) {
    const time = toTimestamp(context.clock.now());
    const failed: Condition = {
      type: "Failed",
      status: "True",
      reason: "SignerValidationFailure",
      message: messageOf(error),
      lastUpdateTime: time,
      lastTransitionTime: time,
    };
    next = { ...status, conditions: replaceCondition(conditions, failed) };
  }
  const written = context.api.update<SigningRequest>(
    resources.certificateSigningRequests,
    { ...request, metadata, status: next },
    "status",
  );
  await unless(["not-found"], written);
  return done;
}

/** Deletes requests that nobody needs any more: those that were decided soon, those that wait later. */
export function certificateCleaner(context: ControllerContext): Controller {
  const requests = context.informers.of<SigningRequest>(resources.certificateSigningRequests);
  return {
    name: "certificatesigningrequest-cleaner-controller",
    watches: [watching(requests, ({ metadata }) => [metadata.name ?? ""])],
    reconcile: async (name) => {
      const request = requests.get("", name);
      if (request === undefined) return done;
      const left = expiresAt(request) - context.clock.now();
      if (left > 0) return requeueAfter(left + 10);
      await unless(["not-found"], context.api.delete(resources.certificateSigningRequests, request));
      return done;
    },
  };
}

function expiresAt({ metadata, status }: SigningRequest): number {
  const decided = (status?.conditions ?? []).map(({ lastUpdateTime }) => fromTimestamp(lastUpdateTime));
  if (decided.length > 0) return Math.max(...decided) + approvedMs;
  return fromTimestamp(metadata.creationTimestamp) + pendingMs;
}

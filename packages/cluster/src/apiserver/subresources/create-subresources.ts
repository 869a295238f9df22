import type { SubresourceHandler } from "../server-context.ts";
import { bindPod } from "./binding.ts";
import { evictPod } from "./eviction.ts";
import { approveCertificate, finalizeNamespace } from "./finalize.ts";
import { ephemeralContainers, resize } from "./pod-parts.ts";
import { nodeProxy, podLog, podStream, type PodStreamOptions } from "./pod-streams.ts";
import { podProxy, serviceProxy } from "./proxy.ts";
import { requestToken, type TokenRequestOptions } from "./token-request.ts";

export interface SubresourcesOptions extends PodStreamOptions, TokenRequestOptions {}

/** What can be done to objects besides reading and writing them, for `ServerContext.subresources`. */
export function createSubresources(options: SubresourcesOptions): ReadonlyMap<string, SubresourceHandler> {
  return new Map<string, SubresourceHandler>([
    ["pods/binding", bindPod],
    ["pods/eviction", evictPod],
    ["pods/ephemeralcontainers", ephemeralContainers],
    ["pods/resize", resize],
    ["pods/log", podLog(options)],
    ["pods/exec", podStream("exec", options)],
    ["pods/attach", podStream("attach", options)],
    ["pods/portforward", podStream("portForward", options)],
    ["pods/proxy", podProxy],
    ["nodes/proxy", nodeProxy(options)],
    ["services/proxy", serviceProxy],
    ["serviceaccounts/token", requestToken(options)],
    ["namespaces/finalize", finalizeNamespace],
    ["certificatesigningrequests.certificates.k8s.io/approval", approveCertificate],
  ]);
}

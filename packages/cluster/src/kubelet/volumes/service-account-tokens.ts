import type { KubeClient } from "@fairway/kube-client";
import { KubeletError } from "../kubelet-error.ts";
import type { Pod } from "../pods/pod.ts";

export interface TokenWish {
  readonly audience: string | undefined;
  readonly expirationSeconds: number | undefined;
}

export interface TokenSource {
  readonly token: (pod: Pod, wish: TokenWish) => Promise<string>;
  /** Tokens of pods that are gone need not be remembered. */
  readonly forget: (pod: Pod) => void;
}

interface Issued {
  readonly token: string;
  readonly refreshAt: number;
}

const defaultSeconds = 3600;
/** A token is asked for anew when a fifth of its life is left, or after a day. */
const lifeUsed = 0.8;
const oldestMs = 24 * 60 * 60 * 1000;

/** Tokens bound to their pods, from the API server's token requests. */
export function createTokenSource(client: KubeClient, now: () => number): TokenSource {
  const issued = new Map<string, Issued>();
  return {
    token: async (pod, wish) => {
      const key = `${pod.metadata.uid}/${wish.audience ?? ""}/${wish.expirationSeconds ?? 0}`;
      const known = issued.get(key);
      if (known !== undefined && now() < known.refreshAt) return known.token;
      const token = await requestToken(client, pod, wish);
      const lifeMs = (wish.expirationSeconds ?? defaultSeconds) * 1000;
      issued.set(key, { token, refreshAt: now() + Math.min(lifeMs * lifeUsed, oldestMs) });
      return token;
    },
    forget: (pod) => {
      for (const key of issued.keys()) if (key.startsWith(`${pod.metadata.uid}/`)) issued.delete(key);
    },
  };
}

async function requestToken(client: KubeClient, pod: Pod, wish: TokenWish): Promise<string> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const answer = await client.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: wish.audience === undefined || wish.audience === "" ? [] : [wish.audience],
        expirationSeconds: wish.expirationSeconds ?? defaultSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    },
  });
  const token = tokenIn(answer.body);
  if (answer.status >= 300 || token === undefined) {
    throw new KubeletError("volume-failed", `failed to fetch token: the API server answered ${answer.status}`);
  }
  return token;
}

function tokenIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("status" in body)) return undefined;
  const { status } = body;
  if (typeof status !== "object" || status === null || !("token" in status)) return undefined;
  return typeof status.token === "string" ? status.token : undefined;
}

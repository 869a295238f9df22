import type { KubeAnswer, KubeClient, KubeRequest } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { ApiError, hasCode } from "./api-error.ts";
import { apiVersionOf, pathOf } from "./resource.ts";
import type { Resource } from "./resource.ts";

/** The verbs, for objects of a known shape. What the server answers to a write goes into the caches at once. */
export interface Api {
  readonly client: KubeClient;
  /** Undefined when it is not there. */
  readonly get: <T extends KubeObject>(resource: Resource, namespace: string, name: string) => Promise<T | undefined>;
  readonly list: <T extends KubeObject>(resource: Resource, query: ListQuery) => Promise<T[]>;
  readonly create: <T extends KubeObject>(resource: Resource, object: NewObject, part?: string) => Promise<T>;
  /** Refused with `conflict` when the object was changed since it was read. */
  readonly update: <T extends KubeObject>(resource: Resource, object: T, part?: string) => Promise<T>;
  readonly patch: <T extends KubeObject>(resource: Resource, target: PatchTarget, patch: unknown) => Promise<T>;
  readonly delete: (resource: Resource, object: Named, options?: DeleteOptions) => Promise<void>;
}

export interface ListQuery {
  readonly namespace?: string;
  readonly query?: Readonly<Record<string, string>>;
}

export interface NewObject {
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface Named {
  readonly metadata: { readonly name?: string; readonly namespace?: string; readonly uid?: string };
}

export interface PatchTarget {
  readonly namespace?: string;
  readonly name: string;
  readonly part?: string;
  /** Left out: a merge patch. */
  readonly type?: "strategic" | "apply";
  /** Who owns the fields, where that isn't the manager of all others; what is applied is taken by force. */
  readonly manager?: string;
}

export interface DeleteOptions {
  readonly propagation?: "Foreground" | "Background" | "Orphan";
  readonly graceSeconds?: number;
  readonly resourceVersion?: string;
}

export interface WriteListener {
  readonly written: (resource: Resource, object: KubeObject) => void;
  readonly deleted: (resource: Resource, object: Named) => void;
}

const patchTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

export function createApi(client: KubeClient, manager: string, listener: WriteListener): Api {
  return { client, ...reads(client), ...writes(client, manager, listener), delete: deletion(client, listener) };
}

function reads(client: KubeClient): Pick<Api, "get" | "list"> {
  return {
    get: async <T extends KubeObject>(resource: Resource, namespace: string, name: string) => {
      const request = { method: "GET", path: pathOf(resource, namespace, name) } as const;
      try {
        return requireSuccess(request, await client.request(request)) as T;
      } catch (error) {
        if (hasCode(error, "not-found")) return undefined;
        throw error;
      }
    },
    list: async <T extends KubeObject>(resource: Resource, options: ListQuery) => {
      const request: KubeRequest = {
        method: "GET",
        path: pathOf(resource, options.namespace),
        ...(options.query === undefined ? {} : { query: options.query }),
      };
      return (requireSuccess(request, await client.request(request)) as { items?: T[] }).items ?? [];
    },
  };
}

function writes(
  client: KubeClient,
  manager: string,
  listener: WriteListener,
): Pick<Api, "create" | "update" | "patch"> {
  const query = { fieldManager: manager };
  const write = async <T extends KubeObject>(resource: Resource, request: KubeRequest): Promise<T> => {
    const body = requireSuccess(request, await client.request({ query, ...request })) as T;
    if (body.kind === resource.kind) listener.written(resource, body);
    return body;
  };
  return {
    create: (resource, object, part) => {
      const { namespace, name } = object.metadata;
      const path = part === undefined ? pathOf(resource, namespace) : pathOf(resource, namespace, name, part);
      const body = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
      return write(resource, { method: "POST", path, body });
    },
    update: (resource, object, part) => {
      const { namespace, name } = object.metadata;
      const body = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
      return write(resource, { method: "PUT", path: pathOf(resource, namespace, name, part), body });
    },
    patch: (resource, target, patch) =>
      write(resource, {
        method: "PATCH",
        path: pathOf(resource, target.namespace, target.name, target.part),
        contentType: patchTypes[target.type ?? "merge"],
        ...(target.type === "apply" ? { query: { fieldManager: target.manager ?? manager, force: "true" } } : {}),
        body: patch,
      }),
  };
}

function deletion(client: KubeClient, listener: WriteListener): Api["delete"] {
  return async (resource, object, options = {}) => {
    const { namespace, name, uid } = object.metadata;
    const request: KubeRequest = {
      method: "DELETE",
      path: pathOf(resource, namespace, name),
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...(options.propagation === undefined ? {} : { propagationPolicy: options.propagation }),
        ...(options.graceSeconds === undefined ? {} : { gracePeriodSeconds: options.graceSeconds }),
        preconditions: {
          ...(uid === undefined ? {} : { uid }),
          ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
        },
      },
    };
    const answer = requireSuccess(request, await client.request(request)) as KubeObject;
    if (answer.kind === resource.kind && isPending(answer)) listener.written(resource, answer);
    else listener.deleted(resource, object);
  };
}

/** Whether a deleted object is still there, because somebody has to finish something or processes have to end. */
function isPending(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return deletionTimestamp !== undefined && ((finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0);
}

function requireSuccess(request: KubeRequest, answer: KubeAnswer): unknown {
  if (answer.status < 300) return answer.body;
  throw new ApiError(`${request.method} ${request.path}`, answer.status, answer.body);
}

import type { KubeClient } from "../kube-client.ts";
import { requireSuccess } from "../kube-error.ts";
import { listPageObjects } from "../limits.ts";
import type { KubeObject } from "../objects/kube-object.ts";

export interface Listed {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
}

interface Page {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items?: readonly KubeObject[];
}

/** All objects under a path, page by page, as they were at one moment. */
export async function listPages(
  client: KubeClient,
  path: string,
  options: { readonly query?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined } = {},
): Promise<Listed> {
  const { query = {}, signal } = options;
  const objects: KubeObject[] = [];
  let next = "";
  let resourceVersion: string;
  do {
    const request = {
      method: "GET",
      path,
      query: { ...query, limit: String(listPageObjects), ...(next === "" ? {} : { continue: next }) },
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const page = requireSuccess(request, await client.request(request)) as Page;
    // Items of a list come without their kind.
    const { apiVersion = "", kind = "" } = page;
    const own = { apiVersion, kind: kind.replace(/List$/u, "") };
    for (const item of page.items ?? []) objects.push({ ...own, ...item });
    next = page.metadata?.continue ?? "";
    resourceVersion = page.metadata?.resourceVersion ?? "";
  } while (next !== "");
  return { objects, resourceVersion };
}

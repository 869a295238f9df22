import { t } from "@fairway/kit";
import { isInternal } from "./upstream.ts";
import { limits } from "./limits.ts";
import type { Cache, Logger, OpenApiDocument } from "@fairway/kit";
import type { Upstream } from "./upstream.ts";

const documentShape = t.Object({
  openapi: t.String(),
  info: t.Object({ title: t.String(), version: t.String() }),
  paths: t.Record(t.String(), t.Record(t.String(), t.Any())),
  components: t.Record(t.String(), t.Record(t.String(), t.Unknown())),
});

export interface ShopDocumentOptions {
  readonly upstreams: readonly Upstream[];
  readonly version: string;
  readonly cache: Cache;
  readonly log: Logger;
}

/** One OpenAPI document of everything that can be reached through the gateway. */
export function shopDocument(options: ShopDocumentOptions): () => Promise<OpenApiDocument> {
  return () => options.cache.fetch("document", () => compose(options));
}

async function compose({ upstreams, version, log }: ShopDocumentOptions): Promise<OpenApiDocument> {
  const parts = await Promise.all(
    upstreams.map(async (upstream) => {
      try {
        const call = { schema: documentShape, timeoutMs: limits.documentTimeoutMs };
        return { upstream, document: (await upstream.client.get("/openapi.json", call)).body };
      } catch (error) {
        log.warn("a service does not say what it offers", { upstream: upstream.name, error });
        return { upstream, document: undefined };
      }
    }),
  );
  const missing = parts.filter((part) => !part.document).map((part) => part.upstream.name);
  const paths: Record<string, OpenApiDocument["paths"][string]> = {};
  const components: Record<string, Record<string, unknown>> = {};
  for (const { upstream, document } of parts) {
    if (!document) continue;
    for (const [path, operations] of Object.entries(document.paths)) {
      const open = isBehind(upstream, path) ? reachable(path, operations) : {};
      if (Object.keys(open).length > 0) paths[path] = open;
    }
    for (const [kind, named] of Object.entries(document.components)) Object.assign((components[kind] ??= {}), named);
  }
  const absent = missing.length === 0 ? "" : ` Not answering for the moment: ${missing.join(", ")}.`;
  return {
    openapi: "3.1.0",
    info: { title: "The shop", version, description: `All services behind the gateway.${absent}` },
    paths,
    components,
  };
}

function isBehind(upstream: Upstream, path: string): boolean {
  return upstream.prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

function reachable(path: string, operations: OpenApiDocument["paths"][string]): OpenApiDocument["paths"][string] {
  return Object.fromEntries(Object.entries(operations).filter(([method]) => !isInternal(method.toUpperCase(), path)));
}

import { createCache, createCors, createRateLimit, createTelemetry, loadConfig } from "@fairway/kit";
import { clientAddress } from "./client-address.ts";
import { configuration } from "./configuration.ts";
import { createUpstreams, upstreamConnections } from "./upstream.ts";
import { forwardingRoutes } from "./forwarding.ts";
import { limits } from "./limits.ts";
import { shopDocument } from "./shop-document.ts";
import { storefrontRoutes } from "./storefront.ts";
import type { Environment, ServiceParts } from "@fairway/kit";

const name = "gateway-service";

/** The one door from outside: it knows the way, looks at tokens, holds off floods, and serves the storefront. */
export function gatewayService(env: Environment): ServiceParts {
  const config = loadConfig(configuration, env);
  const version = config.SERVICE_VERSION;
  const telemetry = createTelemetry({ name, version, config });
  const upstreams = createUpstreams(config, telemetry);
  const { TRUSTED_PROXIES: proxies } = config;
  const cache = createCache({ ttlMs: limits.documentMs });
  return {
    name,
    version,
    config,
    telemetry,
    routes: [
      ...storefrontRoutes(new URL("../storefront/", import.meta.url)),
      ...forwardingRoutes(upstreams, { via: `1.1 ${name}/${version}`, proxies }),
    ],
    dependencies: [upstreamConnections(upstreams), cache],
    cors: createCors({ origins: config.CORS_ORIGINS ?? [] }),
    rateLimit: createRateLimit({
      perSecond: config.RATE_PER_SECOND,
      burst: config.RATE_BURST,
      keyOf: (incoming) => clientAddress(incoming, proxies),
    }),
    document: shopDocument({ upstreams, version, cache, log: telemetry.log }),
  };
}

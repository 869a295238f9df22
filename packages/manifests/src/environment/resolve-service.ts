import type { Environment, Resources, Scale, Service } from "@fairway/spec";

/** What one service is in one environment, after everything that anybody says about it. */
export interface ServiceInEnvironment {
  /** A fixed number of pods in place of autoscaling. */
  readonly replicas: number | undefined;
  readonly scale: Scale;
  readonly resources: Resources;
  readonly env: Readonly<Record<string, string>>;
  readonly rollout: Rollout;
  readonly nodes: { readonly pool: string; readonly spot: boolean };
}

export interface Rollout {
  readonly maxSurge: string | number;
  readonly maxUnavailable: string | number;
}

/** What the service says for all environments. */
export function serviceAnywhere({ spec }: Service): ServiceInEnvironment {
  return {
    replicas: undefined,
    scale: spec.scale,
    resources: spec.resources,
    env: spec.env,
    rollout: rolloutOf(spec.release),
    nodes: { pool: spec.nodes.pool ?? "", spot: spec.nodes.spot },
  };
}

/** Of two that say something, the one that speaks of fewer goes first: service in environment, environment, service. */
export function serviceInEnvironment(service: Service, environment: Environment): ServiceInEnvironment {
  const anywhere = serviceAnywhere(service);
  const own = service.spec.environments[environment.name];
  const { resources } = anywhere;
  return {
    replicas: own?.scale ? undefined : environment.replicas,
    scale: { ...anywhere.scale, ...own?.scale },
    resources: {
      requests: { ...resources.requests, ...environment.resources?.requests, ...own?.resources?.requests },
      limits: { ...resources.limits, ...environment.resources?.limits, ...own?.resources?.limits },
    },
    env: { ...anywhere.env, ...own?.env },
    rollout: own?.release ? rolloutOf(own.release) : anywhere.rollout,
    nodes: {
      pool: own?.nodes?.pool ?? anywhere.nodes.pool,
      spot: own?.nodes ? own.nodes.spot : anywhere.nodes.spot || environment.spot,
    },
  };
}

/** Until another target takes over, every release is a rolling one that never has fewer pods than wanted. */
function rolloutOf(release: Service["spec"]["release"]): Rollout {
  if (release.strategy !== "rolling") return { maxSurge: "25%", maxUnavailable: 0 };
  return { maxSurge: release.maxSurge, maxUnavailable: release.maxUnavailable };
}

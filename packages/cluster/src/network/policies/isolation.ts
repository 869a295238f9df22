import type { KubeObject } from "../../object/kube-object.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { LabelSelector } from "../../model/selector.ts";
import { subtractBlocks } from "./cidr.ts";

/** A pod that network policies select: in the directions that are named only what is listed may pass. */
export interface Isolation {
  readonly address: string;
  readonly ingress?: readonly Allowed[];
  readonly egress?: readonly Allowed[];
}

/** Who may be on the other side, and at which port the connection ends. Left out: anyone, any. */
export interface Allowed {
  readonly block?: string;
  readonly protocol?: string;
  /** `8080` or `8080:8090` */
  readonly ports?: string;
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyRule {
  readonly ports?: readonly PolicyPort[];
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
}

interface PolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

interface PodShape {
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly {
      readonly ports?: readonly {
        readonly name?: string;
        readonly protocol?: string;
        readonly containerPort: number;
      }[];
    }[];
  };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

/** A pod on the network that policies are about. */
interface Member {
  readonly object: KubeObject;
  readonly shape: PodShape;
  readonly address: string;
}

export interface PolicyFacts {
  readonly policies: readonly KubeObject[];
  readonly namespaces: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  /** Of pods whose status doesn't say so yet, by `namespace/name`. */
  readonly addresses: ReadonlyMap<string, string>;
}

type Direction = "ingress" | "egress";

/** What the network policies of a cluster mean for each pod that they select. */
export function isolations(facts: PolicyFacts): Isolation[] {
  if (facts.policies.length === 0) return [];
  const members = membersOf(facts);
  const labelsOf = new Map(facts.namespaces.map(({ metadata }) => [metadata.name ?? "", metadata.labels ?? {}]));
  const peers = peersOf(members, labelsOf);
  return members.flatMap((member): Isolation[] => {
    const selecting = facts.policies.filter((policy) => selects(policy, member));
    const allowed = (direction: Direction): Pick<Isolation, Direction> => {
      const specs = selecting.map((policy) => ({ spec: specOf(policy), namespace: policy.metadata.namespace ?? "" }));
      const isolating = specs.filter(({ spec }) => directionsOf(spec).includes(direction));
      if (isolating.length === 0) return {};
      const found = isolating.flatMap(({ spec, namespace }) =>
        (spec[direction] ?? []).flatMap((rule) => allowedBy(rule, { direction, member, namespace, peers })),
      );
      return { [direction]: unique(found) };
    };
    if (selecting.length === 0) return [];
    return [{ address: member.address, ...allowed("ingress"), ...allowed("egress") }];
  });
}

function membersOf({ pods, addresses }: PolicyFacts): Member[] {
  return pods.flatMap((object): Member[] => {
    // Decoded and validated by the API server.
    const shape = object as unknown as PodShape;
    const { namespace = "", name = "" } = object.metadata;
    const { podIP = addresses.get(`${namespace}/${name}`) ?? "", phase } = shape.status ?? {};
    const isGone = phase === "Succeeded" || phase === "Failed";
    if (isGone || shape.spec?.hostNetwork === true || !/^\d+\./u.test(podIP)) return [];
    return [{ object, shape, address: podIP }];
  });
}

function specOf(policy: KubeObject): PolicySpec {
  // Decoded and validated by the API server.
  return (policy as unknown as { readonly spec?: PolicySpec }).spec ?? {};
}

function selects(policy: KubeObject, { object }: Member): boolean {
  if (policy.metadata.namespace !== object.metadata.namespace) return false;
  return matchesSelector(specOf(policy).podSelector ?? {}, object.metadata.labels ?? {});
}

/** The API server fills in `policyTypes`; without it a policy is about what comes in, and about what goes out when it says something of it. */
function directionsOf({ policyTypes, egress }: PolicySpec): Direction[] {
  if (policyTypes === undefined) return egress === undefined ? ["ingress"] : ["ingress", "egress"];
  return policyTypes.map((type) => (type === "Egress" ? "egress" : "ingress"));
}

type FindPeers = (peer: PolicyPeer, namespace: string) => Member[];

function peersOf(
  members: readonly Member[],
  labelsOf: ReadonlyMap<string, Readonly<Record<string, string>>>,
): FindPeers {
  return ({ podSelector, namespaceSelector }, namespace) =>
    members.filter(({ object }) => {
      const own = object.metadata.namespace ?? "";
      const isThere =
        namespaceSelector === undefined
          ? own === namespace
          : matchesSelector(namespaceSelector, labelsOf.get(own) ?? {});
      return isThere && matchesSelector(podSelector ?? {}, object.metadata.labels ?? {});
    });
}

interface RulePlace {
  readonly direction: Direction;
  readonly member: Member;
  readonly namespace: string;
  readonly peers: FindPeers;
}

function allowedBy(rule: PolicyRule, { direction, member, namespace, peers }: RulePlace): Allowed[] {
  const others = (direction === "ingress" ? rule.from : rule.to) ?? [];
  // A port's name is one of the pod at which the connection ends.
  const portsAt = (target: Member | undefined): Allowed[] => portsOf(rule.ports ?? [], target);
  const own = direction === "ingress" ? member : undefined;
  if (others.length === 0) {
    const isNamed = ({ port }: PolicyPort): boolean => typeof port === "string";
    if (own !== undefined || !(rule.ports ?? []).some(isNamed)) return portsAt(own);
    // To anyone, at a port that each pod may have another number for.
    const named = (rule.ports ?? []).filter(isNamed);
    const byNumber = (rule.ports ?? []).filter((port) => !isNamed(port));
    const toPods = { to: [{ namespaceSelector: {} }], ports: named };
    return [
      ...(byNumber.length === 0 ? [] : portsOf(byNumber, undefined)),
      ...allowedBy(toPods, { direction, member, namespace, peers }),
    ];
  }
  return others.flatMap((peer): Allowed[] => {
    if (peer.ipBlock !== undefined) {
      const blocks = subtractBlocks(peer.ipBlock.cidr, peer.ipBlock.except ?? []);
      return blocks.flatMap((block) => portsAt(own).map((port) => ({ ...port, block })));
    }
    return peers(peer, namespace).flatMap((other) =>
      portsAt(own ?? other).map((port) => ({ ...port, block: `${other.address}/32` })),
    );
  });
}

function portsOf(ports: readonly PolicyPort[], target: Member | undefined): Allowed[] {
  if (ports.length === 0) return [{}];
  return ports.flatMap(({ protocol: given = "TCP", port, endPort }): Allowed[] => {
    const protocol = given.toLowerCase();
    if (port === undefined) return [{ protocol }];
    if (typeof port === "number")
      return [{ protocol, ports: endPort === undefined ? `${port}` : `${port}:${endPort}` }];
    const named = (target?.shape.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
    return named
      .filter((each) => each.name === port && (each.protocol ?? "TCP") === given)
      .map(({ containerPort }) => ({ protocol, ports: `${containerPort}` }));
  });
}

function unique(found: readonly Allowed[]): Allowed[] {
  return [...new Map(found.map((each) => [JSON.stringify([each.block, each.protocol, each.ports]), each])).values()];
}

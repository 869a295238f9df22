import type { KubeObject } from "../../object/kube-object.ts";
import type { KubeClient } from "@fairway/kube-client";
import type { ImageStore } from "../images/image-store.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { NodePressure } from "../upkeep/node-pressure.ts";
import type { TokenSource } from "../volumes/service-account-tokens.ts";
import type { ConfigSource } from "./environment.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** What a pod's worker needs of the kubelet around it. */
export interface PodServices {
  readonly client: KubeClient;
  readonly runtime: Runtime;
  readonly images: ImageStore;
  readonly events: EventRecorder;
  readonly config: ConfigSource;
  readonly tokens: TokenSource;
  /** The services of the cluster, for their variables. */
  readonly services: () => readonly KubeObject[];
  /** A pod (`namespace/name`) has got its address; when this is over it is as isolated as policies want it. */
  readonly joined: (pod: string, address: string) => Promise<void>;
  readonly pressure: NodePressure;
  readonly allocatable: Readonly<Record<string, string>>;
  readonly nodeName: string;
  readonly nodeAddress: string;
  /** Of cluster DNS; undefined where there is none. */
  readonly dnsAddress: string | undefined;
  readonly clusterDomain: string;
  /** Cluster DNS for containers that can't be given a resolv.conf. */
  readonly names: { readonly address: string; readonly port: number } | undefined;
  /** Holds `pods/`, `logs/`, `claims/`. */
  readonly folder: string;
  readonly kubeletAgent: string;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

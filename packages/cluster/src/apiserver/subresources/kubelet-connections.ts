import { connect as connectTls, type TLSSocket } from "node:tls";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { KubeObject } from "../../object/kube-object.ts";
import { ApiError } from "../status.ts";
import { kubeletConnectMs } from "./limits.ts";

/** How the API server reaches the kubelets of nodes. */
export interface KubeletConnections {
  /** A connection on which HTTP/1.1 can be spoken, as the API server. */
  readonly connect: (node: KubeObject) => Promise<Duplex>;
}

export interface KubeletCredentials {
  /** By which kubelets know the API server. */
  readonly certificate: string;
  readonly key: string;
  /** Whose certificates kubelets have; without it any is good, as in clusters whose kubelets sign their own. */
  readonly authority?: string;
}

interface Node extends KubeObject {
  status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
  };
}

const kubeletPort = 10_250;
const addressTypes = ["InternalIP", "Hostname", "InternalDNS", "ExternalDNS", "ExternalIP"];

/** By TLS to the address that the node says it has. */
export function kubeletConnections({ certificate, key, authority }: KubeletCredentials): KubeletConnections {
  return {
    connect: async (node) => {
      const { host, port } = addressOf(node);
      const socket = connectTls({
        host,
        port,
        cert: certificate,
        key,
        // By address; the name in the certificate is the node's.
        ...(authority === undefined
          ? { rejectUnauthorized: false }
          : { ca: authority, checkServerIdentity: () => undefined }),
        ALPNProtocols: ["http/1.1"],
      });
      return ready(socket);
    },
  };
}

async function ready(socket: TLSSocket): Promise<Duplex> {
  const late = setTimeout(() => socket.destroy(new Error("the kubelet does not answer")), kubeletConnectMs);
  try {
    await once(socket, "secureConnect");
    return socket;
  } catch (error) {
    socket.destroy();
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError(500, "InternalError", `Internal error occurred: error dialing backend: ${why}`, {
      causes: [{ message: `error dialing backend: ${why}` }],
    });
  } finally {
    clearTimeout(late);
  }
}

export function addressOf({ metadata, status }: Node): { readonly host: string; readonly port: number } {
  const addresses = status?.addresses ?? [];
  const host = addressTypes.flatMap((type) => addresses.find((each) => each.type === type)?.address ?? [])[0];
  if (host === undefined) {
    const message = `no preferred addresses found; known addresses: []`;
    throw new ApiError(500, "InternalError", `Internal error occurred: node ${metadata.name ?? ""}: ${message}`);
  }
  const port = status?.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
  return { host, port };
}

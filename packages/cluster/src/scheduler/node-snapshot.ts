import type { Node } from "../model/node.ts";
import type { Pod } from "../model/pod.ts";
import { NodeInfo, podInfoOf } from "./node-info.ts";

/** All nodes with their pods, also those that were just placed and of which the server has not told yet. */
export class NodeSnapshot {
  private readonly infos = new Map<string, NodeInfo>();
  private readonly places = new Map<string, string>();

  /** The nodes that exist; pods may speak of others. */
  get nodes(): NodeInfo[] {
    return [...this.infos.values()].filter((info) => info.node !== undefined);
  }

  get(name: string): NodeInfo | undefined {
    return this.infos.get(name);
  }

  setNode(node: Node): void {
    this.infoOf(node.metadata.name ?? "").setNode(node);
  }

  removeNode(name: string): void {
    const info = this.infos.get(name);
    if (info === undefined) return;
    info.setNode(undefined);
    if (info.pods.size === 0) this.infos.delete(name);
  }

  place(pod: Pod, nodeName: string): void {
    const uid = pod.metadata.uid ?? "";
    const before = this.places.get(uid);
    if (before !== undefined && before !== nodeName) this.infos.get(before)?.remove(uid);
    this.places.set(uid, nodeName);
    this.infoOf(nodeName).add(podInfoOf(pod));
  }

  isPlaced(uid: string): boolean {
    return this.places.has(uid);
  }

  remove(uid: string): boolean {
    const name = this.places.get(uid);
    if (name === undefined) return false;
    this.places.delete(uid);
    this.infos.get(name)?.remove(uid);
    return true;
  }

  private infoOf(name: string): NodeInfo {
    let info = this.infos.get(name);
    if (info === undefined) {
      info = new NodeInfo(name);
      this.infos.set(name, info);
    }
    return info;
  }
}

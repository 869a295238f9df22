import { aliasBudget } from "../limits.ts";

/** Counts the nodes of one document, and how many of them came from aliases. */
export class NodeBudget {
  nodes = 0;
  #aliasNodes = 0;
  #refused = false;
  readonly #nodesMax: number;

  constructor(nodesMax: number) {
    this.#nodesMax = nodesMax;
  }

  reset(): void {
    // The document itself is the first node, as in go-yaml.
    this.nodes = 1;
    this.#aliasNodes = 0;
    this.#refused = false;
  }

  get tooMany(): boolean {
    return this.nodes > this.#nodesMax;
  }

  /** Takes an alias to a node of this many nodes; false when the document lives too much on aliases. */
  takeAlias(size: number): boolean {
    if (this.#refused) {
      return false;
    }
    this.nodes += 1 + size;
    this.#aliasNodes += size;
    const { aliasNodesMin, nodesMin } = aliasBudget;
    if (this.#aliasNodes <= aliasNodesMin || this.nodes <= nodesMin) {
      return true;
    }
    this.#refused = this.#aliasNodes / this.nodes > allowedShare(this.nodes);
    return !this.#refused;
  }
}

function allowedShare(nodes: number): number {
  const { smallNodes, largeNodes, smallShare, largeShare } = aliasBudget;
  if (nodes <= smallNodes) {
    return smallShare;
  }
  if (nodes >= largeNodes) {
    return largeShare;
  }
  return smallShare - (smallShare - largeShare) * ((nodes - smallNodes) / (largeNodes - smallNodes));
}

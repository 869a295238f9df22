import { encode } from "@fairway/yaml";
import { clearField } from "../node/fields.ts";
import { copyNode, isNilOrEmpty } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { peekField } from "../node/fields.ts";
import { toPlainObject } from "../node/plain-value.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { buildAnnotation, buildAnnotations } from "./build-annotations.ts";
import { splitApiVersion } from "./gvk.ts";
import type { Gvk } from "./gvk.ts";
import { metadataMap, metadataText, setAnnotation, setMetadataMap, setStringField, stringField } from "./metadata.ts";
import type { StringMap } from "./metadata.ts";
import { effectiveNamespace } from "./res-id.ts";
import type { ResId } from "./res-id.ts";
import type { Scopes } from "./scopes.ts";

/** One object of the build: its tree, and the identities it had on the way, which are kept in annotations as kustomize does. */
export class Resource {
  /** Nothing when a patch deleted the object. */
  node: Node | undefined;
  readonly scopes: Scopes;
  /** Names of the variables that take their value from this object. */
  variableNames: string[] = [];

  constructor(node: Node, scopes: Scopes) {
    this.node = node;
    this.scopes = scopes;
  }

  get isEmpty(): boolean {
    return isNilOrEmpty(this.node);
  }

  get tree(): Node {
    if (this.node === undefined) throw new KustomizeError("transform", "the object was deleted by a patch");
    return this.node;
  }

  get kind(): string {
    return stringField(this.tree, "kind");
  }

  get apiVersion(): string {
    return stringField(this.tree, "apiVersion");
  }

  get gvk(): Gvk {
    const [group, version] = splitApiVersion(this.apiVersion);
    return { group, version, kind: this.kind };
  }

  get name(): string {
    return metadataText(this.tree, "name");
  }

  set name(name: string) {
    setStringField(this.tree, name, "metadata", "name");
  }

  get namespace(): string {
    return metadataText(this.tree, "namespace");
  }

  setNamespace(namespace: string): void {
    if (namespace !== "") {
      setStringField(this.tree, namespace, "metadata", "namespace");
      return;
    }
    const metadata = peekField(this.tree, "metadata");
    if (metadata !== undefined) clearField(metadata, "namespace");
  }

  setKind(kind: string): void {
    setStringField(this.tree, kind, "kind");
  }

  setApiVersion(apiVersion: string): void {
    setStringField(this.tree, apiVersion, "apiVersion");
  }

  get labels(): StringMap {
    return metadataMap(this.tree, "labels");
  }

  set labels(labels: StringMap) {
    setMetadataMap(this.tree, "labels", labels);
  }

  get annotations(): StringMap {
    return metadataMap(this.tree, "annotations");
  }

  set annotations(annotations: StringMap) {
    setMetadataMap(this.tree, "annotations", annotations);
  }

  get currentId(): ResId {
    return this.#id(this.kind, this.name, this.namespace);
  }

  /** The identities before renaming, oldest first. */
  get previousIds(): ResId[] {
    const { annotations } = this;
    const names = annotations.get(buildAnnotation.previousNames);
    if (names === undefined) return [];
    const namespaces = (annotations.get(buildAnnotation.previousNamespaces) ?? "").split(",");
    const kinds = (annotations.get(buildAnnotation.previousKinds) ?? "").split(",");
    const list = names.split(",");
    if (list.length !== namespaces.length || list.length !== kinds.length) {
      throw new KustomizeError(
        "transform",
        "number of previous names, number of previous namespaces, number of previous kinds not equal",
      );
    }
    return list.map((name, index) => this.#id(kinds[index] ?? "", name, namespaces[index] ?? ""));
  }

  get originalId(): ResId {
    return this.previousIds[0] ?? this.currentId;
  }

  #id(kind: string, name: string, namespace: string): ResId {
    const [group, version] = splitApiVersion(this.apiVersion);
    const clusterScoped = this.scopes.isClusterScoped({ group, version, kind });
    return { group, version, kind, name, namespace, clusterScoped };
  }

  storePreviousId(): void {
    const id = this.currentId;
    this.#append(buildAnnotation.previousNames, id.name);
    this.#append(buildAnnotation.previousNamespaces, effectiveNamespace(id));
    this.#append(buildAnnotation.previousKinds, id.kind);
  }

  get prefixes(): string[] {
    return this.#list(buildAnnotation.prefixes);
  }

  get suffixes(): string[] {
    return this.#list(buildAnnotation.suffixes);
  }

  addPrefix(prefix: string): void {
    this.#append(buildAnnotation.prefixes, prefix);
  }

  addSuffix(suffix: string): void {
    this.#append(buildAnnotation.suffixes, suffix);
  }

  #list(key: string): string[] {
    return this.annotations.get(key)?.split(",") ?? [];
  }

  #append(key: string, value: string): void {
    if (value !== "") setAnnotation(this.tree, key, [...this.#list(key), value].join(","));
  }

  isEnabled(key: string): boolean {
    return this.annotations.get(key) === "enabled";
  }

  annotate(key: string, value: string): void {
    this.annotations = new Map([...this.annotations, [key, value]]);
  }

  enable(key: string): void {
    this.annotate(key, "enabled");
  }

  removeBuildAnnotations(): void {
    const { annotations } = this;
    if (annotations.size === 0) return;
    for (const key of buildAnnotations) annotations.delete(key);
    this.annotations = annotations;
  }

  copy(): Resource {
    const copy = new Resource(copyNode(this.tree), this.scopes);
    copy.variableNames = [...this.variableNames];
    return copy;
  }

  /** Takes name, namespace, labels and annotations of another object over; what this one says wins. */
  mergeMetadataFrom(other: Resource): void {
    this.labels = new Map([...other.labels, ...this.labels]);
    const own = this.annotations;
    const merged = new Map([...other.annotations, ...own]);
    for (const key of buildAnnotations) {
      const inherited = other.annotations.get(key);
      if (inherited === undefined) merged.delete(key);
      else merged.set(key, inherited);
    }
    if (!own.has(buildAnnotation.needsHash)) merged.delete(buildAnnotation.needsHash);
    this.annotations = merged;
    this.name = other.name;
    this.setNamespace(other.namespace);
    this.variableNames = [...other.variableNames];
  }

  toYaml(): string {
    return encode(toPlainObject(this.tree));
  }
}

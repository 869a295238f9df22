import type { ContainerShape, PodShape, PodSpecShape } from "./pod.ts";

/** One control of the Pod Security Standards. */
export interface Check {
  readonly level: "baseline" | "restricted";
  /** The first minor version of Kubernetes whose standard has it. */
  readonly since: number;
  /** The baseline control that a restricted one takes the place of. */
  readonly replaces?: string;
  readonly violation: (pod: PodShape & { readonly spec: PodSpecShape }, minor: number) => Violation | undefined;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export function quoted(items: Iterable<string>): string {
  return [...items].map((item) => `"${item}"`).join(", ");
}

export function sorted(items: Iterable<string>): readonly string[] {
  return [...new Set(items)].toSorted();
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

export function named(containers: readonly ContainerShape[]): string {
  return `${plural(containers.length, "container")} ${quoted(containers.map(({ name }) => name))}`;
}

/** "pod and containers "a", "b"", of those that say something wrong themselves. */
export function setters(podIsWrong: boolean, containers: readonly ContainerShape[]): string {
  return [...(podIsWrong ? ["pod"] : []), ...(containers.length > 0 ? [named(containers)] : [])].join(" and ");
}

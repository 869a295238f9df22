import type { Service } from "../model/service.ts";
import type { SpecFile } from "../read/spec-file.ts";

type Calls = ReadonlyMap<string, readonly string[]>;

/**
 * One circle for each group of services that reach each other, as a path that ends where it begins: the shortest one
 * through the group's first service. A group can hold more circles than could ever be listed.
 */
export function findCallCycles(services: ReadonlyMap<string, SpecFile<Service>>): readonly (readonly string[])[] {
  const calls = new Map<string, readonly string[]>();
  for (const [name, { value }] of services) {
    // A service that calls itself is an error of its own.
    calls.set(
      name,
      value.spec.needs.calls.filter((call) => call !== name && services.has(call)),
    );
  }
  const order = new Map([...services.keys()].map((name, index) => [name, index]));
  return groupsOf(calls)
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)))
    .toSorted(([a = ""], [b = ""]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    .map((group) => shortestCircle(group, calls));
}

interface Visit {
  readonly name: string;
  readonly calls: Iterator<string>;
}

/** Tarjan's strongly connected components, with a stack of its own: a chain of thousands of calls must not exhaust the runtime's. */
function groupsOf(calls: Calls): readonly (readonly string[])[] {
  const groups: string[][] = [];
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const trail: Visit[] = [];
  const enter = (name: string) => {
    lowest.set(name, index.size);
    index.set(name, index.size);
    open.push(name);
    isOpen.add(name);
    trail.push({ name, calls: (calls.get(name) ?? []).values() });
  };
  const lower = (name: string, to: number) => lowest.set(name, Math.min(lowest.get(name) ?? to, to));
  const leave = ({ name }: Visit) => {
    const low = lowest.get(name) ?? 0;
    const caller = trail.at(-1);
    if (caller) lower(caller.name, low);
    if (low !== index.get(name)) return;
    const group = open.splice(open.lastIndexOf(name));
    for (const member of group) isOpen.delete(member);
    groups.push(group);
  };
  for (const start of calls.keys()) {
    if (index.has(start)) continue;
    enter(start);
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const next = top.calls.next();
      if (next.done) {
        trail.pop();
        leave(top);
      } else if (!index.has(next.value)) enter(next.value);
      else if (isOpen.has(next.value)) lower(top.name, index.get(next.value) ?? 0);
    }
  }
  return groups;
}

function shortestCircle(group: readonly string[], calls: Calls): readonly string[] {
  const [start = ""] = group;
  const members = new Set(group);
  const calledBy = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const call of calls.get(name) ?? []) {
      if (call === start) return circle(start, name, calledBy);
      if (!members.has(call) || calledBy.has(call)) continue;
      calledBy.set(call, name);
      queue.push(call);
    }
  }
  return group;
}

function circle(start: string, last: string, calledBy: ReadonlyMap<string, string>): readonly string[] {
  const path = [start];
  for (let name: string | undefined = last; name !== undefined && name !== start; name = calledBy.get(name))
    path.push(name);
  return [...path, start].toReversed();
}

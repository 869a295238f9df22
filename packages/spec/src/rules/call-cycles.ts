import type { Service } from "../model/service.ts";
import type { SpecFile } from "../read/spec-file.ts";

/** One circle for each group of services that call each other in circles, as a path that ends where it begins. */
export function findCallCycles(names: ReadonlyMap<string, SpecFile<Service>>): readonly (readonly string[])[] {
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  for (const start of names.keys()) {
    if (state.has(start)) continue;
    // An explicit stack: a chain of thousands of calls must not end in a stack overflow.
    const trail = [{ name: start, calls: callsOf(start, names) }];
    state.set(start, "open");
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const next = top.calls.next();
      if (next.done) {
        state.set(top.name, "done");
        trail.pop();
      } else if (state.get(next.value) === "open") {
        const from = trail.findIndex((each) => each.name === next.value);
        cycles.push([...trail.slice(from).map((each) => each.name), next.value]);
      } else if (!state.has(next.value)) {
        state.set(next.value, "open");
        trail.push({ name: next.value, calls: callsOf(next.value, names) });
      }
    }
  }
  return cycles;
}

/** Calls of known services, itself apart: that is an error of its own. */
function callsOf(name: string, names: ReadonlyMap<string, SpecFile<Service>>): Iterator<string> {
  const calls = names.get(name)?.value.spec.needs.calls ?? [];
  return calls.filter((call) => call !== name && names.has(call)).values();
}

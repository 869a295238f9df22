import { keyOf } from "../../loop/index.ts";
import { findCondition } from "../../model/condition.ts";
import type { Pod } from "../../model/pod.ts";
import type { Service } from "./service-object.ts";

interface Known {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** Remembers what moved traffic last, so that the next change tells what moved it now and for how long it took. */
export class TriggerTimes {
  private readonly known = new Map<string, Known>();

  /** The first of the moments that are newer than at the last look; undefined when none is. */
  next(service: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOf(service);
    const before = this.known.get(key);
    const times = new Map<string, string>();
    let first: string | undefined;
    const consider = (time: string, last: string | undefined) => {
      if (time > (last ?? "") && (first === undefined || time < first)) first = time;
    };
    for (const pod of pods) {
      const time = findCondition(pod.status?.conditions, "Ready")?.lastTransitionTime ?? "";
      if (time === "") continue;
      times.set(pod.metadata.name ?? "", time);
      consider(time, before?.pods.get(pod.metadata.name ?? ""));
    }
    const made = service.metadata.creationTimestamp ?? "";
    consider(made, before?.service);
    this.known.set(key, { service: made, pods: times });
    return first;
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}

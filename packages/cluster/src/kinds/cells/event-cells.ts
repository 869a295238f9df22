import type { Event } from "../../schema/data/types/core-v1.ts";
import type { Cell } from "../columns.ts";
import { ageOf } from "./age.ts";

export const eventCells: Readonly<Record<string, Cell<Event>>> = {
  "Last Seen": (event, now) => {
    const last = event.series ? event.series.lastObservedTime : (event.lastTimestamp ?? firstSeen(event));
    return ageOf(last ?? undefined, now);
  },
  Type: ({ type }) => type ?? "",
  Reason: ({ reason }) => reason ?? "",
  Object: ({ involvedObject: { kind = "", name } }) => (name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()),
  Subobject: ({ involvedObject }) => involvedObject.fieldPath ?? "",
  Source: ({ source, reportingComponent, reportingInstance }) => {
    const component = source.component ?? reportingComponent;
    const instance = source.host ?? reportingInstance;
    return instance === "" ? component : `${component}, ${instance}`;
  },
  Message: ({ message }) => message?.trim() ?? "",
  "First Seen": (event, now) => ageOf(firstSeen(event) ?? undefined, now),
  Count: ({ series, count }) => (series ? (series.count ?? 0) : (count ?? 1)),
};

function firstSeen({ firstTimestamp, eventTime }: Event): string | null {
  return firstTimestamp ?? eventTime;
}

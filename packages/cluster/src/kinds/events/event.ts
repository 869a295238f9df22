import type { Event } from "../../schema/data/types/events-v1.ts";
import { ageOf } from "../cells/age.ts";
import { defineKind } from "../define-kind.ts";
import { validateNewEvent, validateNewEventUpdate } from "../event/validate.ts";

export const newEvent = defineKind<Event>({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  selectableFields: {
    "regarding.kind": ({ regarding }) => regarding.kind ?? "",
    "regarding.namespace": ({ regarding }) => regarding.namespace ?? "",
    "regarding.name": ({ regarding }) => regarding.name ?? "",
    "regarding.uid": ({ regarding }) => regarding.uid ?? "",
    "regarding.apiVersion": ({ regarding }) => regarding.apiVersion ?? "",
    "regarding.resourceVersion": ({ regarding }) => regarding.resourceVersion ?? "",
    "regarding.fieldPath": ({ regarding }) => regarding.fieldPath ?? "",
    reason: ({ reason }) => reason ?? "",
    reportingController: ({ reportingController }) => reportingController ?? "",
    type: ({ type }) => type ?? "",
  },
  validate: validateNewEvent,
  validateUpdate: validateNewEventUpdate,
  cells: {
    "Last Seen": (event, now) =>
      ageOf(event.series?.lastObservedTime ?? event.deprecatedLastTimestamp ?? firstSeen(event) ?? undefined, now),
    Type: ({ type }) => type ?? "",
    Reason: ({ reason }) => reason ?? "",
    Object: ({ regarding: { kind = "", name } }) => (name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()),
    Subobject: ({ regarding }) => regarding.fieldPath ?? "",
    Source: ({ deprecatedSource, reportingController = "", reportingInstance = "" }) => {
      const component = deprecatedSource.component ?? reportingController;
      const instance = deprecatedSource.host ?? reportingInstance;
      return instance === "" ? component : `${component}, ${instance}`;
    },
    Message: ({ note }) => note?.trim() ?? "",
    "First Seen": (event, now) => ageOf(firstSeen(event) ?? undefined, now),
    Count: ({ series, deprecatedCount }) => (series ? series.count : (deprecatedCount ?? 1)),
  },
  createsOnUpdate: true,
  storedAs: { group: "", version: "v1" },
});

function firstSeen({ deprecatedFirstTimestamp, eventTime }: Event): string | null {
  return deprecatedFirstTimestamp ?? eventTime;
}

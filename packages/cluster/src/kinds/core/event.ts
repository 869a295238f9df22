import type { Event } from "../../schema/data/types/core-v1.ts";
import { eventCells } from "../cells/event-cells.ts";
import { defineKind } from "../define-kind.ts";
import { validateEvent } from "../event/validate.ts";
import { pathSegmentName } from "../validation/names.ts";

export const event = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  createsOnUpdate: true,
  selectableFields: {
    "involvedObject.kind": ({ involvedObject }) => involvedObject.kind ?? "",
    "involvedObject.namespace": ({ involvedObject }) => involvedObject.namespace ?? "",
    "involvedObject.name": ({ involvedObject }) => involvedObject.name ?? "",
    "involvedObject.uid": ({ involvedObject }) => involvedObject.uid ?? "",
    "involvedObject.apiVersion": ({ involvedObject }) => involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": ({ involvedObject }) => involvedObject.fieldPath ?? "",
    reason: ({ reason }) => reason ?? "",
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? "",
    source: ({ source, reportingComponent }) => source.component || (reportingComponent ?? ""),
    type: ({ type }) => type ?? "",
  },
  nameRule: pathSegmentName,
  hasStandardFinalizers: false,
  updateChecks: ["whole"],
  validate: validateEvent,
  cells: eventCells,
});

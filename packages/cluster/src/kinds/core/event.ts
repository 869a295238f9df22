import type { Event } from "../../schema/data/types/core-v1.ts";
import { eventCells } from "../cells/event-cells.ts";
import { defineKind } from "../define-kind.ts";

export const event = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  createsOnUpdate: true,
  cells: eventCells,
});

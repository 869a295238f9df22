import type { ObjectMeta } from "../../../object/kube-object.ts";
import type { EventSource, ObjectReference } from "./core-v1.ts";

export interface Event {
  kind?: string;
  apiVersion?: string;
  metadata: ObjectMeta;
  eventTime: string | null;
  series?: EventSeries;
  reportingController?: string;
  reportingInstance?: string;
  action?: string;
  reason?: string;
  regarding: ObjectReference;
  related?: ObjectReference;
  note?: string;
  type?: string;
  deprecatedSource: EventSource;
  deprecatedFirstTimestamp: string | null;
  deprecatedLastTimestamp: string | null;
  deprecatedCount?: number;
}

export interface EventSeries {
  count: number;
  lastObservedTime: string | null;
}

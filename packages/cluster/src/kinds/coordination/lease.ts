import type { Lease } from "../../schema/data/types/coordination-v1.ts";
import type { FieldError } from "../../object/field-error.ts";
import { defineKind } from "../define-kind.ts";
import { eachInvalid, forbidden, invalid, notSupported } from "../validation/errors.ts";
import { qualifiedName } from "../validation/names.ts";
import { nonNegative } from "../validation/numbers.ts";

export const lease = defineKind<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  hasStandardFinalizers: false,
  createsOnUpdate: true,
  updatesUnconditionally: false,
  prepareForCreate: ({ spec }) => {
    delete spec.strategy;
    delete spec.preferredHolder;
  },
  prepareForUpdate: (next, current) => {
    if (current.spec.strategy === undefined) delete next.spec.strategy;
    if (current.spec.preferredHolder === undefined) delete next.spec.preferredHolder;
  },
  validate: validateLease,
  cells: { Holder: ({ spec }) => spec.holderIdentity ?? "" },
});

function validateLease({ spec }: Lease): FieldError[] {
  const { leaseDurationSeconds: seconds, strategy, preferredHolder } = spec;
  const errors: FieldError[] = [];
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  errors.push(...nonNegative(spec.leaseTransitions, "spec.leaseTransitions"));
  if (strategy !== undefined) {
    const place = "spec.strategy.strategy";
    if (strategy.includes("/")) errors.push(...eachInvalid(place, strategy, qualifiedName(strategy)));
    else if (strategy !== "OldestEmulationVersion")
      errors.push(notSupported(place, strategy, ["OldestEmulationVersion"]));
  }
  if (preferredHolder && !strategy)
    errors.push(forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  return errors;
}

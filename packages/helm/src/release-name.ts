import { sprintf } from "@fairway/gotemplate";
import { HelmError } from "./errors.ts";

const namePattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const validName = new RegExp(namePattern, "u");

/** Release names end up in names of resources, which leaves them 53 characters. */
const nameLengthMax = 53;

export function checkReleaseName(name: string): void {
  if (name === "") throw invalid(name, "no name provided");
  if (name.length > nameLengthMax || !validName.test(name)) {
    throw invalid(
      name,
      `invalid release name, must match regex ${namePattern} and the length must not be longer than ${nameLengthMax}`,
    );
  }
}

function invalid(name: string, reason: string): HelmError {
  return new HelmError("usage", sprintf("release name check failed: release name %q: %s", name, reason));
}

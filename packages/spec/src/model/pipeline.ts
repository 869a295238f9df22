import { choice, defaulted, flag, integer, list, record, text } from "../schema/build.ts";

/** A matter of the platform: no service can lower the bar for itself. */
export const pipeline = record("What every change of a service has to pass before there is an image", {
  coverage: defaulted(integer("Least share of the code that tests run, in percent", { minimum: 0, maximum: 100 }), 70),
  blockOn: defaulted(
    list(
      "Severities of vulnerabilities that stop a change",
      choice("A severity", ["critical", "high", "medium", "low"]),
      {
        uniqueBy: "",
      },
    ),
    ["critical", "high"],
  ),
  codeQuality: defaulted(choice("Reads the code for faults", ["sonarqube", "none"]), "none"),
  dependencies: defaulted(choice("Knows vulnerable dependencies", ["trivy", "snyk"]), "trivy"),
  sign: defaulted(flag("Whether images are signed by Cosign, and only signed ones may run"), true),
  sbom: defaulted(choice("The list of what is in an image", ["spdx", "cyclonedx", "none"]), "spdx"),
  runners: defaulted(
    text("Label of the machines that pipelines run on", { format: "key", example: "self-hosted" }),
    "ubuntu-latest",
  ),
});

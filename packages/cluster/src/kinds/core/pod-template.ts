import type { PodTemplate } from "../../schema/data/types/core-v1.ts";
import { containerImages, containerNames, labelsText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { podWarnings } from "../warnings/pod-warnings.ts";

export const podTemplate = defineKind<PodTemplate>({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  generationOf: ["template"],
  setDefaults: ({ template }) => setTemplateDefaults(template),
  validate: ({ template }) => validatePodTemplate(template, "template"),
  warnings: ({ template }) => podWarnings(template, "template."),
  cells: {
    Containers: ({ template }) => containerNames(template.spec.containers),
    Images: ({ template }) => containerImages(template.spec.containers),
    "Pod Labels": ({ template }) => labelsText(template.metadata.labels),
  },
});

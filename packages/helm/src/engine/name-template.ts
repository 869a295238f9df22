import { TemplateSet, parseTemplate } from "@fairway/gotemplate";
import { HelmError, messageOf } from "../errors.ts";
import type { HelmFunctions } from "./helm-functions.ts";

const name = "name-template";

/** Renders `--name-template`, which has functions but no data. */
export function renderNameTemplate(text: string, functions: HelmFunctions): string {
  try {
    const parsed = parseTemplate(name, text, { functions: functions.base });
    return new TemplateSet({ name, functions: functions.base }).add(parsed).execute(name, null);
  } catch (error) {
    throw new HelmError("usage", messageOf(error), { cause: error });
  }
}

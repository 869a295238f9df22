import { TemplateSet, defaultLimits } from "@fairway/gotemplate";
import type { GoMap, ParsedTemplates } from "@fairway/gotemplate";
import { textOf } from "../chart/chart-file.ts";
import type { ChartFile } from "../chart/chart-file.ts";
import type { ChartNode } from "../dependencies/chart-node.ts";
import { HelmError } from "../errors.ts";
import { limits } from "../limits.ts";
import { basePath } from "../text/go-path.ts";
import type { HelmFunctions } from "./helm-functions.ts";
import { executionFailure, parseFailure } from "./template-error.ts";
import { collectTemplates } from "./template-files.ts";
import type { TemplateFile } from "./template-files.ts";
import { setName, trackIncludes } from "./template-functions.ts";
import { valuesValue } from "./values-value.ts";

/** Runs all templates of a chart; the result has the texts of those that are no partials, by template name. */
export function renderTemplates(root: ChartNode, top: GoMap, functions: HelmFunctions): Map<string, string> {
  const templates = new TemplateSet({
    name: setName,
    functions: functions.table,
    missingKey: "zero",
    limits: templateLimits,
  });
  trackIncludes(templates, new Map());
  const files = collectTemplates(root, top);
  for (const file of files) templates.add(parse(file, functions));
  const rendered = new Map<string, string>();
  let length = 0;
  for (const file of files) {
    if (basePath(file.name).startsWith("_")) continue;
    const text = run(templates, file);
    length += text.length;
    if (length > limits.outputLengthMax) {
      throw new HelmError(
        "limit-exceeded",
        `${file.name}: the templates of the chart print more than ${limits.outputLengthMax} characters`,
      );
    }
    rendered.set(file.name, text);
  }
  return rendered;
}

function run(templates: TemplateSet, file: TemplateFile): string {
  file.data["Template"] = valuesValue({ Name: file.name, BasePath: file.basePath });
  try {
    // Go prints "<no value>" for what is missing whatever the option says; Helm takes it out again.
    return templates.execute(file.name, file.data).replaceAll("<no value>", "");
  } catch (error) {
    throw executionFailure(file.name, error);
  }
}

const templateLimits = { ...defaultLimits, stepsMax: limits.templateStepsMax };

const parsedFiles = new WeakMap<ChartFile, ParsedTemplates>();

/** Parses a template once for as long as its chart is loaded, and once for each content. */
function parse(file: TemplateFile, functions: HelmFunctions): ParsedTemplates {
  const known = parsedFiles.get(file.file);
  // The same file has another name where its chart has an alias.
  if (known?.name === file.name) return known;
  try {
    const parsed = functions.parser.parse(file.name, textOf(file.file));
    parsedFiles.set(file.file, parsed);
    return parsed;
  } catch (error) {
    throw parseFailure(file.name, error);
  }
}

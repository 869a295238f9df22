import { TemplateCache, TemplateError, TemplateSet, type FunctionTable, type MissingKey } from "@fairway/gotemplate";
import { PreviewError } from "../errors.ts";
import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";
import type { Parameters } from "./parameters.ts";

/** How the strings of an ApplicationSet are filled in. */
export interface TextTemplate {
  readonly isGoTemplate: boolean;
  fill(text: string, parameters: Parameters): string;
  /** The same, but a text that names something unknown stays as it is. */
  fillKnown(text: string, parameters: Parameters): string;
}

/** `{{ name }}` by plain replacement. What is unknown stays as it is, so that a later generator may fill it. */
export const plainTemplate: TextTemplate = { isGoTemplate: false, fill: fillTags, fillKnown: fillTags };

function fillTags(text: string, parameters: Parameters): string {
  return text.replaceAll(/\{\{(.*?)\}\}/gs, (whole, tag: string) => {
    const name = tag.trim();
    const value = name !== "" && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return typeof value === "string" ? value : whole;
  });
}

export interface GoTemplateOptions {
  readonly functions: FunctionTable;
  /** `goTemplateOptions`, each like `missingkey=error`. */
  readonly options: readonly string[];
}

const missingKeyModes = { default: "default", invalid: "default", zero: "zero", error: "error" } as const;

/** Go templates with the functions of Sprig. Texts without an action are passed through unparsed. */
export function goTemplate({ functions, options }: GoTemplateOptions): TextTemplate {
  const missingKey = missingKeyOf(options);
  const cache = new TemplateCache({ functions });
  const execute = (text: string, parameters: Parameters, mode: MissingKey) =>
    new TemplateSet({ functions, missingKey: mode }).add(cache.parse("", text)).execute("", parameters);
  return {
    isGoTemplate: true,
    fill(text, parameters) {
      if (!text.includes("{{")) return text;
      try {
        return execute(text, parameters, missingKey);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        throw new PreviewError("render-failed", `template ${JSON.stringify(text)}: ${error.message}`, { cause: error });
      }
    },
    fillKnown(text, parameters) {
      if (!text.includes("{{")) return text;
      try {
        return execute(text, parameters, "error");
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        return text;
      }
    },
  };
}

function missingKeyOf(options: readonly string[]): MissingKey {
  let missingKey: MissingKey = "default";
  for (const option of options) {
    const mode = option.startsWith("missingkey=") ? option.slice("missingkey=".length) : "";
    if (!isMissingKeyMode(mode)) throw new PreviewError("unsupported", `unknown goTemplateOption "${option}"`);
    missingKey = missingKeyModes[mode];
  }
  return missingKey;
}

function isMissingKeyMode(mode: string): mode is keyof typeof missingKeyModes {
  return Object.hasOwn(missingKeyModes, mode);
}

/** Fills every string in a value, the keys of maps among them. */
export function fillDeep(value: JsonValue, parameters: Parameters, template: TextTemplate): JsonValue {
  if (typeof value === "string") return template.fill(value, parameters);
  if (Array.isArray(value)) return value.map((each: JsonValue) => fillDeep(each, parameters, template));
  if (!isObject(value)) return value;
  const filled: Record<string, JsonValue> = {};
  for (const [key, each] of Object.entries(value)) {
    filled[template.fill(key, parameters)] = fillDeep(each, parameters, template);
  }
  return filled satisfies JsonObject;
}

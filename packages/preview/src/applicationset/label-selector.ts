import { PreviewError } from "../errors.ts";
import { listAt, textAt, textMapAt, type JsonObject } from "../json-value.ts";

export type Labels = Readonly<Record<string, string>>;

/** A Kubernetes label selector; Argo CD lets the values be anything, such as addresses of clusters. */
export function selectorMatches(selector: JsonObject, labels: Labels): boolean {
  for (const [key, value] of Object.entries(textMapAt(selector, "matchLabels"))) {
    if (labelOf(labels, key) !== value) return false;
  }
  return listAt(selector, "matchExpressions").every((expression) => {
    const key = textAt(expression, "key") ?? "";
    const operator = textAt(expression, "operator") ?? "";
    const values = listAt(expression, "values");
    const label = labelOf(labels, key);
    switch (operator) {
      case "In":
        return label !== undefined && values.includes(label);
      case "NotIn":
        return label === undefined || !values.includes(label);
      case "Exists":
        return label !== undefined;
      case "DoesNotExist":
        return label === undefined;
      default:
        throw new PreviewError("unsupported", `"${operator}" is not a valid label selector operator`);
    }
  });
}

export function isEmptySelector(selector: JsonObject): boolean {
  return (
    Object.keys(textMapAt(selector, "matchLabels")).length === 0 && listAt(selector, "matchExpressions").length === 0
  );
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

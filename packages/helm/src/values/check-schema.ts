import { bytesToString, typeName } from "@fairway/gotemplate";
import { HelmError } from "../errors.ts";
import { compileSchema } from "../json-schema/json-schema.ts";
import type { SchemaCheck } from "../json-schema/json-schema.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import { limits } from "../limits.ts";
import { compilePattern } from "./schema-pattern.ts";
import { has, isTable } from "./table.ts";
import type { Table } from "./table.ts";

/** What the check needs to know of a chart. */
export interface ChartSchema {
  readonly metadata: { readonly name: string };
  readonly schema: Uint8Array | undefined;
  readonly dependencies: readonly ChartSchema[];
}

/** Checks the values of a chart and of its subcharts against their values.schema.json. */
export function checkSchemas(chart: ChartSchema, values: Table): void {
  const report = reportOf(chart, values);
  if (report === "") return;
  throw new HelmError(
    "schema-violated",
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${report}`,
  );
}

function reportOf(chart: ChartSchema, values: Table): string {
  let report = "";
  if (chart.schema !== undefined) {
    const problem = checkOne(chart.schema, values);
    if (problem !== undefined) report += `${chart.metadata.name}:\n${problem}`;
  }
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const inner = has(values, name) ? values[name] : null;
    if (inner === null) continue;
    report += isTable(inner)
      ? reportOf(subchart, inner)
      : `${name}:\ninvalid type for values: expected object (map), got ${typeName(inner)}\n`;
  }
  return report;
}

const schemaUrl = "file:///values.schema.json";

function checkOne(schema: Uint8Array, values: Table): string | undefined {
  try {
    const report = compiled(bytesToString(schema))(values);
    return report === undefined ? undefined : `${report}\n`;
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}

const checks = new Map<string, SchemaCheck>();

/** Schemas are compiled once for each content. */
function compiled(text: string): SchemaCheck {
  const known = checks.get(text);
  if (known !== undefined) return known;
  const check = compileSchema(text, schemaUrl, { compilePattern });
  checks.set(text, check);
  const [oldest] = checks.keys();
  if (checks.size > limits.compiledSchemasMax && oldest !== undefined) checks.delete(oldest);
  return check;
}

import { jsonSchema, publishedKinds } from "@fairway/spec";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";

export const schemaCommand = defineCommand({
  summary: "Print the JSON Schema of a spec, for editors",
  positionals: [{ name: "KIND", summary: publishedKinds.join(" or "), required: true }],
  options: {},
  examples: [{ command: "fairway schema service > service.schema.json", meaning: "A schema for the editor" }],
  async run({ terminal }, { positionals: [kind = ""] }) {
    const known = publishedKinds.find((each) => each === kind);
    if (!known)
      throw new CliError("bad-usage", `there is no schema of "${kind}"`, {
        hint: `there is one of ${publishedKinds.join(" and ")}`,
      });
    const schema = jsonSchema(known);
    terminal.print(schema, () => JSON.stringify(schema, undefined, 2));
    return exitCode.ok;
  },
});

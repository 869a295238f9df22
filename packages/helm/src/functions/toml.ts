import { type GoFunction, defineFunction } from "@fairway/gotemplate";
import { asMap } from "./json.ts";
import { decodeToml } from "./toml/decode-toml.ts";
import { encodeToml } from "./toml/encode-toml.ts";

export const tomlFunctions: Readonly<Record<string, GoFunction>> = {
  toToml: defineFunction(["any"], "string", toToml),
  fromToml: defineFunction(["string"], "map[string]any", (text) => asMap(() => decodeToml(text))),
};

/** What cannot be written gives the message instead of a text; only nil fails, as in Helm. */
function toToml(value: unknown): string {
  try {
    return encodeToml(value);
  } catch (error) {
    if (error instanceof Error && value !== null) return error.message;
    throw error;
  }
}

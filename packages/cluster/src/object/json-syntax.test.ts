import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonSyntaxError } from "./json-syntax.ts";

const complaints: Readonly<Record<string, string>> = {
  "": "unexpected end of JSON input",
  "  ": "unexpected end of JSON input",
  "{": "unexpected end of JSON input",
  x: "invalid character 'x' looking for beginning of value",
  '{"a" 1}': "invalid character '1' after object key",
  '{"a":1 "b"}': "invalid character '\"' after object key:value pair",
  "{1}": "invalid character '1' looking for beginning of object key string",
  '{"a":1,}': "invalid character '}' looking for beginning of object key string",
  "[1,]": "invalid character ']' looking for beginning of value",
  "[1 2]": "invalid character '2' after array element",
  trux: "invalid character 'x' in literal true (expecting 'e')",
  "1.x": "invalid character 'x' after decimal point in numeric literal",
  "1e": "unexpected end of JSON input",
  "-a": "invalid character 'a' in numeric literal",
  '"\\x"': "invalid character 'x' in string escape code",
  '"\\u12g4"': "invalid character 'g' in \\u hexadecimal character escape",
  '"a\nb"': "invalid character '\\n' in string literal",
  "{} {}": "invalid character '{' after top-level value",
  "01": "invalid character '1' after top-level value",
};

for (const [text, complaint] of Object.entries(complaints)) {
  test(`complains of ${JSON.stringify(text)} as Go does`, () => {
    assert.equal(jsonSyntaxError(text), complaint);
  });
}

test("finds nothing wrong with JSON, however deep", () => {
  assert.equal(jsonSyntaxError(' {"a": [1, -2.5e+3, {"b": "\\u00e4\\n"}, true, null, [], {}]} '), undefined);
  assert.equal(jsonSyntaxError(`${"[".repeat(200_000)}${"]".repeat(200_000)}`), undefined);
});

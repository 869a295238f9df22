import assert from "node:assert/strict";
import { test } from "node:test";
import { isPretty } from "./negotiate.ts";

test("answers are made to be read for programs behind which there is a person, unless they say what they want", () => {
  const made = (userAgent: string, query = ""): boolean =>
    isPretty({ headers: { "user-agent": userAgent }, query: new URLSearchParams(query) });
  assert.ok(made("curl/8.5.0") && made("Wget/1.21") && made("Mozilla/5.0 (X11; Linux x86_64)"));
  assert.ok(!made("kubectl/v1.34.0") && !made("") && !made("libcurl/8"));
  assert.ok(made("kubectl/v1.34.0", "pretty=true") && made("", "pretty=1"));
  assert.ok(!made("curl/8.5.0", "pretty=false") && !made("curl/8.5.0", "pretty=no") && made("curl/8.5.0", "pretty="));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "@fairway/yaml";
import { ManifestsError } from "../manifests-error.ts";
import { fileText, nothing, template, yaml } from "./lines.ts";
import { escapedForTemplate, scalar } from "./scalar.ts";

test("a file reads in the source as it does on the disk", () => {
  const labels = yaml`
    app: web
    tier: a
  `;
  const file = yaml`
    kind: Service
    metadata:
      labels:
        ${labels}
      ${nothing}
    items:
      - ${1}
  `;
  assert.equal(fileText(file), "kind: Service\nmetadata:\n  labels:\n    app: web\n    tier: a\nitems:\n  - 1\n");
});

test("values and keys get quotes when YAML would take them for something else", () => {
  const words = [
    "on",
    "no",
    "null",
    "~",
    "1",
    "0x1",
    "1e3",
    "1:30",
    "2026-01-01",
    "",
    " a",
    "a: b",
    "a #b",
    "- a",
    "=",
    "<<",
  ];
  for (const word of words) assert.deepEqual(decode(fileText(yaml`key: ${word}`)), { key: word });
  for (const word of ["on", "y", "1", "a/b"]) assert.deepEqual(decode(fileText(yaml`${word}: x`)), { [word]: "x" });
  for (const word of ["512Mi", "25%", "web", "fc00::/7", "https://a.example.com/b"]) assert.equal(scalar(word), word);
});

test("any text comes back as it was, from one line", () => {
  const pieces = [
    "a",
    " ",
    "\n",
    "\t",
    '"',
    "'",
    "\\",
    "{{",
    "}}",
    ":",
    "#",
    "- ",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\u0007",
    "é",
    "😀",
    "%",
    "&",
    "*",
    "!",
    "|",
    ">",
    "@",
    "`",
    ",",
  ];
  let seed = 7;
  for (let round = 0; round < 2_000; round++) {
    const picked = Array.from({ length: 6 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return pieces[(seed >> 8) % pieces.length] ?? "";
    });
    const text = picked.join("");
    const line = fileText(yaml`key: ${text}`);
    assert.equal(line.split("\n").length, 2, JSON.stringify(text));
    assert.deepEqual(decode(line), { key: text }, line);
  }
});

test("in a template the instructions of Go's templates stay texts", () => {
  assert.equal(fileText(template`key: ${"{{ .Values }}"}`), 'key: "{{ "{{" }} .Values }}"\n');
  assert.equal(fileText(yaml`key: ${"{{ .Values }}"}`), 'key: "{{ .Values }}"\n');
  assert.equal(escapedForTemplate("{{{"), '{{ "{{" }}{');
});

test("within a text, a comment or an instruction only what is harmless may stand", () => {
  assert.equal(fileText(yaml`url: http://${"web"}:${8080}/`), "url: http://web:8080/\n");
  for (const write of [
    (text: string) => yaml`url: http://${text}:80/`,
    (text: string) => yaml`# ${text}`,
    (text: string) => template`{{ include "${text}" . }}`,
  ]) {
    assert.throws(
      () => write('x"\ny: z'),
      (error) => error instanceof ManifestsError && error.code === "defect",
    );
  }
  assert.throws(() => yaml`key: ${yaml`a: b`}`, /block of lines/);
});

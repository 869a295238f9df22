import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type MissingKey,
  FunctionTable,
  TemplateCache,
  TemplateError,
  TemplateSet,
  defaultLimits,
  defineContextFunction,
  defineFunction,
  parseTemplate,
} from "./index.ts";

function render(text: string, data: unknown = {}, missingKey: MissingKey = "default"): string {
  return new TemplateSet({ missingKey }).add(parseTemplate("t", text)).execute("t", data);
}

function failure(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  return assert.fail("nothing was thrown");
}

const functions = new FunctionTable({
  fail: defineFunction(["string"], "string", (message) => {
    throw new Error(message);
  }),
  include: defineContextFunction(["string", "any"], "string", (context, name, data) => context.execute(name, data)),
  tpl: defineContextFunction(["string", "any"], "string", (context, text, data) => {
    const set = context.templates.clone();
    set.add(parseTemplate("inline", text, { functions }));
    return context.execute("inline", data, set);
  }),
});

function renderWith(text: string, data: unknown = {}): string {
  return new TemplateSet({ name: "set", functions }).add(parseTemplate("t", text, { functions })).execute("t", data);
}

test("the definition parsed last replaces earlier ones", () => {
  const set = new TemplateSet();
  set.add(parseTemplate("a", `{{define "x"}}first{{end}}`)).add(parseTemplate("b", `{{define "x"}}second{{end}}`));
  assert.equal(set.add(parseTemplate("t", `{{template "x"}}`)).execute("t", null), "second");
});

test("an empty definition does not replace another", () => {
  const set = new TemplateSet().add(parseTemplate("a", `{{define "x"}}first{{end}}`));
  set.add(parseTemplate("b", `{{define "x"}} {{/* nothing */}} {{end}}`));
  assert.equal(set.add(parseTemplate("t", `{{template "x"}}`)).execute("t", null), "first");
});

test("what is added to a clone is not seen in the original, nor the other way round", () => {
  const original = new TemplateSet();
  for (let index = 0; index < 40; index++)
    original.add(parseTemplate(`f${index}`, `{{define "n${index}"}}${index}{{end}}`));
  const copy = original.clone();
  copy.add(parseTemplate("c", `{{define "n1"}}changed{{end}}`));
  original.add(parseTemplate("o", `{{define "n2"}}changed{{end}}`));
  assert.equal(copy.execute("n1", null) + copy.execute("n2", null), "changed2");
  assert.equal(original.execute("n1", null) + original.execute("n2", null), "1changed");
  assert.equal(original.has("c"), false);
  assert.equal(copy.names().length, 81);
});

test("a clone can have another missing key option", () => {
  const strict = new TemplateSet().add(parseTemplate("t", "{{.x}}")).clone({ missingKey: "error" });
  assert.match(failure(() => strict.execute("t", {})).message, /map has no entry for key "x"/);
});

test("an unknown template is an error that names the set", () => {
  const error = failure(() => new TemplateSet({ name: "chart" }).execute("nope", null));
  assert.equal(error.code, "undefined-template");
  assert.equal(error.message, `template: no template "nope" associated with template "chart"`);
});

test("a parsed text serves several sets with different functions of the same names", () => {
  const answer = (text: string): FunctionTable => new FunctionTable({ f: defineFunction([], "string", () => text) });
  const parsed = parseTemplate("t", "{{f}}", { functions: answer("") });
  const [one, two] = ["one", "two"].map((text) => new TemplateSet({ functions: answer(text) }).add(parsed));
  assert.deepEqual([one?.execute("t", null), two?.execute("t", null), one?.execute("t", null)], ["one", "two", "one"]);
});

test("the cache gives the same parse for the same name and text, and forgets the one unused for longest", () => {
  const cache = new TemplateCache({}, 2);
  const first = cache.parse("a", "{{.}}");
  cache.parse("b", "{{.}}");
  assert.equal(cache.parse("a", "{{.}}"), first);
  cache.parse("c", "{{.}}");
  assert.equal(cache.parse("a", "{{.}}"), first);
  cache.parse("d", "{{.}}");
  cache.parse("e", "{{.}}");
  assert.notEqual(cache.parse("a", "{{.}}"), first);
});

test("errors carry template, line and column", () => {
  const error = failure(() => render("a\n é{{ .x.y }}", { x: null }));
  assert.deepEqual([error.code, error.template, error.line, error.column], ["execute", "t", 2, 8]);
  assert.equal(failure(() => render("\n\n{{ nope }}")).line, 3);
});

test("nested executions give a chain of errors as Go does", () => {
  const error = failure(() => renderWith(`{{define "a"}}{{fail "deep"}}{{end}}\n{{ include "a" . }}`));
  assert.equal(
    error.message,
    `template: t:2:3: executing "t" at <include "a" .>: error calling include: ` +
      `template: t:1:16: executing "a" at <fail "deep">: error calling fail: deep`,
  );
  assert.ok(error.cause instanceof TemplateError);
});

test("a function can run text as a template of the same set", () => {
  assert.equal(renderWith(`{{define "a"}}[{{.}}]{{end}}{{tpl "{{include \\"a\\" .x}}" .}}`, { x: "v" }), "[v]");
  assert.match(
    failure(() => renderWith(`{{tpl "{{ .x" .}}`)).message,
    /error calling tpl: template: inline:1: unclosed action$/,
  );
});

test("templates cannot reach what JavaScript objects inherit", () => {
  const data = JSON.parse(`{"m": {}, "s": "x", "__proto__": {"own": 1}}`) as unknown;
  assert.equal(
    render("{{.m.constructor}} {{.m.__proto__}} {{.hasOwnProperty}}", data),
    "<no value> <no value> <no value>",
  );
  assert.equal(render('{{.__proto__.own}} {{index .m "toString"}}', data), "1 <no value>");
  assert.match(
    failure(() => render("{{.s.length}}", data)).message,
    /can't evaluate field length in type interface \{\}/,
  );
  assert.match(failure(() => render("{{constructor}}")).message, /function "constructor" not defined/);
});

test("an object of a class is no value", () => {
  assert.throws(() => render("{{range .x}}{{end}}", { x: new Date(0) }), /no value of Go: \[object Date\]/);
});

const small = { ...defaultLimits, stepsMax: 1_000, outputLengthMax: 100, depthMax: 20 };

function limited(text: string, data: unknown = {}): TemplateError {
  const set = new TemplateSet({ functions, limits: small }).add(parseTemplate("t", text, { functions }));
  const error = failure(() => set.execute("t", data));
  assert.equal(error.code, "limit");
  assert.match(error.message, /^template: (?:t|inline):\d+:\d+: executing /);
  return error;
}

test("a loop without end is stopped", () => {
  assert.match(limited("{{range 1000000000000}}{{end}}").message, /more than 1000 steps/);
  assert.match(limited("{{range 100}}{{range 100}}{{end}}{{end}}").message, /more than 1000 steps/);
});

test("output without end is stopped, also within include", () => {
  const text = `{{define "a"}}{{range 50}}0123456789{{end}}{{end}}`;
  assert.match(limited(`${text}{{template "a"}}`).message, /output is longer than 100 characters/);
  assert.match(limited(`${text}{{include "a" . | len}}`).message, /output is longer than 100 characters/);
});

test("recursion is stopped with Go's message, by template, include and tpl", () => {
  const expected = /exceeded maximum template depth \(20\)$/;
  assert.match(limited(`{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`).message, expected);
  assert.match(limited(`{{define "a"}}\n{{include "a" .}}{{end}}{{template "a"}}`).message, expected);
  assert.match(limited(`{{tpl .x .}}`, { x: "{{tpl .x .}}" }).message, expected);
});

test("recursion deeper than the stack is the same error", () => {
  const limits = { ...defaultLimits, depthMax: 1_000_000 };
  const text = `{{define "a"}}{{include "a" .}}{{end}}{{template "a"}}`;
  const set = new TemplateSet({ functions, limits }).add(parseTemplate("t", text, { functions }));
  const error = failure(() => set.execute("t", {}));
  assert.equal(error.code, "limit");
  assert.match(error.message, /^template: t:1:\d+: executing "a" at <.*>: exceeded maximum template depth/);
});

test("a value that contains itself is an error when printed", () => {
  const map: Record<string, unknown> = {};
  map["self"] = map;
  const error = failure(() => render("{{.}}", map));
  assert.deepEqual([error.code, error.line], ["limit", 1]);
  assert.match(error.message, /nested deeper than 1000 levels/);
});

test("texts that nest or last too long are refused by the parser", () => {
  const deep = failure(() => parseTemplate("t", `{{${"(".repeat(600)}1${")".repeat(600)}}}`));
  assert.deepEqual([deep.code, deep.message], ["limit", "template: t:1: max expression depth exceeded"]);
  const blocks = failure(() => parseTemplate("t", `${"{{if 1}}".repeat(2000)}${"{{end}}".repeat(2000)}`));
  assert.match(blocks.message, /blocks nested deeper than 1000 levels/);
  const chain = failure(() => parseTemplate("t", `{{if 1}}${"{{else if 1}}".repeat(2000)}{{end}}`));
  assert.equal(chain.code, "limit");
  assert.match(failure(() => parseTemplate("t", "x".repeat(6_000_000))).message, /longer than 5242880 characters/);
});

test("complex constants are refused by name", () => {
  assert.match(failure(() => render("{{1+2i}}")).message, /complex constants are not supported: "1\+2i"/);
  assert.match(failure(() => render("{{3i}}")).message, /complex constants are not supported: "3i"/);
});

test("break and continue are functions where there are such functions", () => {
  const own = new FunctionTable({ break: defineFunction(["any"], "any", (value) => value) });
  const set = new TemplateSet({ functions: own }).add(
    parseTemplate("t", "{{range 2}}{{break .}}{{end}}", { functions: own }),
  );
  assert.equal(set.execute("t", null), "01");
});

test("a function name must be an identifier", () => {
  assert.throws(() => new FunctionTable({ "a-b": defineFunction([], "any", () => null) }), /not a valid identifier/);
});

test("the body of a loop over a map may change the map", () => {
  const unset = defineFunction(["map[string]any", "string"], "string", (map, key) => {
    delete map[key];
    return "";
  });
  const table = new FunctionTable({ unset });
  const set = new TemplateSet({ functions: table });
  set.add(parseTemplate("t", `{{range $k, $v := .}}{{unset $ "b"}}{{$k}}{{$v}}{{end}}`, { functions: table }));
  assert.equal(set.execute("t", { a: 1, b: 2 }), "a1b2");
});

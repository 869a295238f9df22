import { type GoFunction, type GoNil, canBackquote, defineFunction, quote } from "@fairway/gotemplate";
import { type GoRegexp, compileRegexp, quoteMeta } from "./regexp/go-regexp.ts";
import { nilStrings, stringList } from "./string-value.ts";

/** As regexp.MustCompile, which tells more than Compile when it fails. */
function mustCompile(expression: string): GoRegexp {
  try {
    return compileRegexp(expression);
  } catch (error) {
    const quoted = canBackquote(expression) ? `\`${expression}\`` : quote(expression);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`regexp: Compile(${quoted}): ${reason}`, { cause: error });
  }
}

function isMatch(expression: string, text: string): boolean {
  try {
    return compileRegexp(expression).matches(text);
  } catch (error) {
    // As upstream: what is no expression matches nothing.
    if (error instanceof Error && error.message.startsWith("error parsing regexp")) return false;
    throw error;
  }
}

type Compile = (expression: string) => GoRegexp;

function find(compile: Compile): GoFunction {
  return defineFunction(["string", "string"], "string", (expression, text) => compile(expression).find(text));
}

function findAll(compile: Compile): GoFunction {
  return defineFunction(["string", "string", "int"], "[]string", (expression, text, count) =>
    listOrNil(compile(expression).findAll(text, Number(count))),
  );
}

function replaceAll(compile: Compile): GoFunction {
  return defineFunction(["string", "string", "string"], "string", (expression, text, replacement) =>
    compile(expression).replaceAll(text, replacement),
  );
}

function replaceAllLiteral(compile: Compile): GoFunction {
  return defineFunction(["string", "string", "string"], "string", (expression, text, replacement) =>
    compile(expression).replaceAllLiteral(text, replacement),
  );
}

function split(compile: Compile): GoFunction {
  return defineFunction(["string", "string", "int"], "[]string", (expression, text, count) =>
    listOrNil(compile(expression).split(text, Number(count))),
  );
}

function listOrNil(items: readonly string[] | undefined): string[] | GoNil {
  return items === undefined ? nilStrings() : stringList(items);
}

export const regexpFunctions: Readonly<Record<string, GoFunction>> = {
  regexMatch: defineFunction(["string", "string"], "bool", isMatch),
  mustRegexMatch: defineFunction(["string", "string"], "bool", (expression, text) =>
    compileRegexp(expression).matches(text),
  ),
  regexFind: find(mustCompile),
  mustRegexFind: find(compileRegexp),
  regexFindAll: findAll(mustCompile),
  mustRegexFindAll: findAll(compileRegexp),
  regexReplaceAll: replaceAll(mustCompile),
  mustRegexReplaceAll: replaceAll(compileRegexp),
  regexReplaceAllLiteral: replaceAllLiteral(mustCompile),
  mustRegexReplaceAllLiteral: replaceAllLiteral(compileRegexp),
  regexSplit: split(mustCompile),
  mustRegexSplit: split(compileRegexp),
  regexQuoteMeta: defineFunction(["string"], "string", quoteMeta),
};

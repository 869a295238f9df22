import { isNode, lineOf, walk, type SourceFile, type SyntaxNode, type Violation } from "../repository.ts";

const fileLinesMax = 400;
const testLinesMax = 600;
const functionLinesMax = 60;
const parametersMax = 4;

const functionNodes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** What doesn't fit on a few screens isn't read as a whole. Tables in a `data` folder are looked up, not read. */
export function checkSize(file: SourceFile): readonly Violation[] {
  if (file.path.includes("/data/")) return [];
  const violations: Violation[] = [];
  const lines = file.text.split("\n").length - 1;
  const linesMax = file.isTest ? testLinesMax : fileLinesMax;
  if (lines > linesMax) {
    violations.push({
      path: file.path,
      message: `${lines} lines; ${linesMax} at most. Which second subject can leave?`,
    });
  }
  walk(file.program, (node) => {
    if (functionNodes.has(node.type)) violations.push(...checkFunction(file, node));
  });
  return violations;
}

function checkFunction(file: SourceFile, node: SyntaxNode): readonly Violation[] {
  const violations: Violation[] = [];
  const line = lineOf(file, node.start);
  const parameters = Array.isArray(node["params"]) ? node["params"].filter(isNode).filter((each) => !isThis(each)) : [];
  if (parameters.length > parametersMax) {
    const message = `${parameters.length} parameters; ${parametersMax} at most. A caller can't tell them apart: use an options object`;
    violations.push({ path: file.path, line, message });
  }
  const codeLines = file.text.slice(node.start, node.end).split("\n").filter(isCode).length;
  // The body of a `describe` is a chapter, not a function that somebody calls.
  if (!file.isTest && codeLines > functionLinesMax) {
    const message = `a function of ${codeLines} lines; ${functionLinesMax} at most. Name its steps and call them`;
    violations.push({ path: file.path, line, message });
  }
  return violations;
}

function isThis(parameter: SyntaxNode): boolean {
  return parameter["name"] === "this";
}

function isCode(line: string): boolean {
  return !/^\s*($|\/\/|\/?\*)/.test(line);
}

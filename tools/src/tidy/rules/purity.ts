import { isBuiltin } from "node:module";
import {
  floorMeaning,
  floorOf,
  harmlessModules,
  harmlessNames,
  randomImports,
  sealedFloors,
  worldlyGlobals,
  worldlyMembers,
} from "../data/house.ts";
import { importsOf, packageOf } from "../imports.ts";
import { isNode, lineOf, walk, type SourceFile, type SyntaxNode, type Violation } from "../repository.ts";

/** Pure packages and engines get clock, randomness, environment, disk and network handed in. */
export function checkPurity(file: SourceFile): readonly Violation[] {
  const floor = floorOf[packageOf(file.path) ?? ""];
  if (!floor || !sealedFloors.includes(floor) || file.isTest || !file.path.includes("/src/")) return [];
  const violations: Violation[] = [];
  const blame = (offset: number, what: string) =>
    violations.push({
      path: file.path,
      line: lineOf(file, offset),
      message: `${what} on the ${floor} floor, which ${floorMeaning[floor]}. Take it as an argument and let the caller bring it`,
    });
  for (const each of importsOf(file)) {
    const isHarmless = harmlessModules.includes(each.specifier) || onlyHarmlessNames(each.names);
    if (isBuiltin(each.specifier) && !isHarmless && !each.typeOnly) {
      violations.push({
        path: file.path,
        line: each.line,
        message: `import of ${each.specifier} in a sealed package: take what it gives as an argument`,
      });
    }
    for (const name of each.names.filter((name) => randomImports.includes(name))) {
      violations.push({
        path: file.path,
        line: each.line,
        message: `${name} draws randomness in a sealed package: take bytes as an argument`,
      });
    }
  }
  const declared = declaredNames(file.program);
  walk(file.program, (node, parent) => {
    const member = memberName(node);
    if (member && worldlyMembers.includes(member)) blame(node.start, member);
    if (node.type === "NewExpression" && nameOf(node["callee"]) === "Date" && isEmpty(node["arguments"])) {
      blame(node.start, "new Date()");
    }
    const name = node.type === "Identifier" ? nameOf(node) : undefined;
    if (name && worldlyGlobals.includes(name) && !declared.has(name) && isReference(node, parent))
      blame(node.start, name);
  });
  return violations;
}

function onlyHarmlessNames(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => harmlessNames.includes(name));
}

function memberName(node: SyntaxNode): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  const object = nameOf(node["object"]);
  const property = nameOf(node["property"]);
  return object && property ? `${object}.${property}` : undefined;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Identifier" && typeof node["name"] === "string" ? node["name"] : undefined;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Names that the file binds itself: parameters, variables, imports, functions. */
function declaredNames(program: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (node: unknown) => {
    const name = nameOf(node);
    if (name) names.add(name);
  };
  walk(program, (node) => {
    if (["VariableDeclarator", "FunctionDeclaration", "ClassDeclaration"].includes(node.type)) add(node["id"]);
    if (/^Import.*Specifier$/.test(node.type)) add(node["local"]);
    const parameters = node["params"];
    if (Array.isArray(parameters))
      for (const each of parameters) add(isNode(each) && each.type === "AssignmentPattern" ? each["left"] : each);
    if (node.type === "ObjectPattern" && Array.isArray(node["properties"])) {
      for (const each of node["properties"].filter(isNode)) add(each["value"]);
    }
  });
  return names;
}

/** An identifier that is the name of a property, a key, a type or a label refers to nothing global. */
function isReference(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (!parent) return true;
  if (parent.type === "MemberExpression") return parent["object"] === node || parent["computed"] === true;
  if (["Property", "PropertyDefinition", "MethodDefinition"].includes(parent.type))
    return parent["value"] === node && parent["shorthand"] !== true;
  return !parent.type.startsWith("TS") && !parent.type.startsWith("Labeled");
}

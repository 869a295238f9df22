// Statements: text, actions, branches, loops and template calls.
import { formatValue } from "../fmt/printf.ts";
import { quote } from "../strconv/quote.ts";
import { GoStruct, isTrue, kindOf, pointedStruct, typeName } from "../value.ts";
import { nodeText } from "../parse/node-text.ts";
import type { ActionNode, BranchNode, ListNode, StatementNode, TemplateNode } from "../parse/node.ts";
import type { Outcome, Statement } from "./code.ts";
import { compilePipeline } from "./compile-pipeline.ts";
import { compileRange } from "./compile-range.ts";
import type { Frame } from "./frame.ts";
import { Scope } from "./scope.ts";

export function compileRoot(root: ListNode): Statement {
  return compileList(root, new Scope());
}

/** Variables that the list declares end with it only if the caller resets the scope. */
function compileList(list: ListNode, scope: Scope): Statement {
  const statements = list.nodes.map((node) => compileStatement(node, scope));
  const [only] = statements;
  if (only !== undefined && statements.length === 1) return only;
  return (frame, dot) => {
    for (const statement of statements) {
      const outcome = statement(frame, dot);
      if (outcome !== "done") return outcome;
    }
    return "done";
  };
}

function compileStatement(node: StatementNode, scope: Scope): Statement {
  switch (node.kind) {
    case "text": {
      const { text } = node;
      return (frame) => {
        frame.write(text);
        return "done";
      };
    }
    case "action":
      return compileAction(node, scope);
    case "if":
      return compileIf(node, scope);
    case "with":
      return compileWith(node, scope);
    case "range":
      return compileRange(node, scope, compileList);
    case "template":
      return compileTemplateCall(node, scope);
    default: {
      const outcome: Outcome = node.kind;
      return () => outcome;
    }
  }
}

function compileAction(node: ActionNode, scope: Scope): Statement {
  const pipeline = compilePipeline(node.pipe, scope);
  if (node.pipe.variables.length > 0) {
    return (frame, dot) => {
      frame.step();
      frame.node = node;
      pipeline(frame, dot);
      return "done";
    };
  }
  return (frame, dot) => {
    frame.step();
    frame.node = node;
    const value = pipeline(frame, dot);
    frame.node = node;
    frame.write(typeof value === "string" ? value : printedValue(frame, node, value));
    return "done";
  };
}

function printedValue(frame: Frame, node: ActionNode, value: unknown): string {
  if (value === undefined || value === null) return "<no value>";
  if (kindOf(value) === "func") frame.fail(`can't print ${nodeText(node)} of type ${typeName(value)}`);
  if (!(value instanceof GoStruct)) return formatValue(value);
  // A pointer is followed before it is printed, so a struct shows no & here; what a template prints can be pointed at.
  const struct = pointedStruct(value);
  const { pointerMethods, ...type } = struct.type;
  return formatValue(pointerMethods === undefined ? struct : new GoStruct(type, struct.fields));
}

function compileIf(node: BranchNode, scope: Scope): Statement {
  const mark = scope.mark;
  const pipeline = compilePipeline(node.pipe, scope);
  const { list, otherwise } = compileBranches(node, scope);
  scope.reset(mark);
  return (frame, dot) => {
    frame.step();
    frame.node = node;
    if (isTrue(pipeline(frame, dot))) return list(frame, dot);
    return otherwise === undefined ? "done" : otherwise(frame, dot);
  };
}

function compileBranches(node: BranchNode, scope: Scope): { list: Statement; otherwise: Statement | undefined } {
  const mark = scope.mark;
  const list = compileList(node.list, scope);
  scope.reset(mark);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList, scope);
  return { list, otherwise };
}

function compileWith(node: BranchNode, scope: Scope): Statement {
  const mark = scope.mark;
  const pipeline = compilePipeline(node.pipe, scope);
  const { list, otherwise } = compileBranches(node, scope);
  scope.reset(mark);
  return (frame, dot) => {
    frame.step();
    frame.node = node;
    const value = pipeline(frame, dot);
    if (!isTrue(value)) return otherwise === undefined ? "done" : otherwise(frame, dot);
    const { dotType } = frame;
    frame.dotType = undefined;
    const outcome = list(frame, value);
    frame.dotType = dotType;
    return outcome;
  };
}

function compileTemplateCall(node: TemplateNode, scope: Scope): Statement {
  const pipeline = node.pipe === undefined ? undefined : compilePipeline(node.pipe, scope);
  return (frame, dot) => {
    frame.step();
    frame.node = node;
    const { templates, run, sink, depth } = frame;
    if (!templates.has(node.name)) frame.fail(`template ${quote(node.name)} not defined`);
    frame.checkDepth();
    const data = pipeline?.(frame, dot);
    frame.runTemplate(templates.compiled(node.name), { run, sink, templates, depth: depth + 1 }, data);
    return "done";
  };
}

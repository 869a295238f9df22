import type { Expr } from "./ast.ts";
import { LIST_COST } from "./cost.ts";
import { sizeOfNode } from "./call-site.ts";
import type { ArgumentNode, CallEstimate, CallSite, Sizes } from "./call-site.ts";
import { estimateText } from "./estimate-text.ts";
import { fixed, NOTHING, plus, scaled, times, UNKNOWN, unionOf } from "./span.ts";
import type { Span } from "./span.ts";

/** What a call costs, with its arguments and without its target. */
export function estimateCall(sizes: Sizes, site: CallSite): CallEstimate {
  const { name, costs } = site;
  if (name === "_&&_" || name === "_||_") return logical(costs);
  if (name === "_?_:_") return conditional(sizes, site);
  const all = costs.reduce(plus, NOTHING);
  const own = ownEstimate(sizes, site);
  return { ...own, cost: plus(own.cost, all) };
}

function logical(costs: readonly Span[]): CallEstimate {
  const [left = NOTHING, right = NOTHING] = costs;
  return { cost: { min: left.min, max: plus(left, right).max } };
}

function conditional(sizes: Sizes, { args, costs }: CallSite): CallEstimate {
  const [, yes, no] = args;
  const [condition = NOTHING, ifYes = NOTHING, ifNo = NOTHING] = costs;
  const cost = plus(condition, unionOf(ifYes, ifNo));
  if (yes === undefined || no === undefined) return { cost };
  const [one, other] = [sizes.entryOf(yes), sizes.entryOf(no)];
  const entry = one && other && { key: unionOf(one.key, other.key), value: unionOf(one.value, other.value) };
  return { cost, entry, size: unionOf(sizes.sizeOrUnknown(yes), sizes.sizeOrUnknown(no)) };
}

const TRAVERSAL = 0.1;

function ownEstimate(sizes: Sizes, site: CallSite): CallEstimate {
  const { name, args } = site;
  const [first, second] = args;
  switch (name) {
    case "_+_":
      return addition(sizes, args);
    case "@in":
      return second && sizes.checked.typeOf(second).kind === "list"
        ? { cost: sizes.sizeOrUnknown(second) }
        : { cost: fixed(1) };
    case "_==_":
    case "_!=_":
      return comparison(sizes, args);
    case "_<_":
    case "_<=_":
    case "_>_":
    case "_>=_": {
      const kind = first && sizes.checked.typeOf(first).kind;
      return kind === "string" || kind === "bytes" || kind === "dyn" ? comparison(sizes, args) : { cost: fixed(1) };
    }
    default: {
      const nodes = args.map((arg) => sizes.nodeOf(arg));
      const target = site.target && sizes.nodeOf(site.target);
      return (
        listEstimate(sizes, name, target, nodes) ??
        estimateText({ sizes, name, target, args: nodes }) ?? { cost: fixed(1) }
      );
    }
  }
}

function addition(sizes: Sizes, args: readonly Expr[]): CallEstimate {
  const [left, right] = args;
  if (left === undefined || right === undefined) return { cost: fixed(1) };
  const { kind } = sizes.checked.typeOf(left);
  if (kind !== "string" && kind !== "bytes" && kind !== "list" && kind !== "dyn") return { cost: fixed(1) };
  const size = plus(sizes.sizeOrUnknown(left), sizes.sizeOrUnknown(right));
  const [one, other] = [sizes.entryOf(left), sizes.entryOf(right)];
  const entry = one && other && { key: unionOf(one.key, other.key), value: unionOf(one.value, other.value) };
  return { cost: kind === "list" ? fixed(1) : scaled(size, TRAVERSAL), size, entry };
}

function comparison(sizes: Sizes, args: readonly Expr[]): CallEstimate {
  const [left, right] = args;
  if (left === undefined || right === undefined) return { cost: fixed(1) };
  const type = sizes.checked.typeOf(left);
  if (type.kind === "opaque" && type.name !== "optional_type") return { cost: fixed(1) };
  const max = Math.min(sizes.sizeOrUnknown(left).max, sizes.sizeOrUnknown(right).max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) };
}

function listEstimate(
  sizes: Sizes,
  name: string,
  target: ArgumentNode | undefined,
  args: readonly ArgumentNode[],
): CallEstimate | undefined {
  const [first, second] = args;
  const size = target && sizeOfNode(target);
  switch (name) {
    case "sets.contains":
    case "sets.intersects":
    case "sets.equivalent": {
      if (!first || !second) return undefined;
      const product = times(sizeOfNode(first), sizeOfNode(second));
      return { cost: plus(scaled(product, name === "sets.equivalent" ? 2 : 1), fixed(1)) };
    }
    case "slice":
      return size && made(1, fixed(Math.max(0, (numberOf(second) ?? size.max) - (numberOf(first) ?? 0))));
    case "lists.range":
      return made(1, fixed(numberOf(first) ?? UNKNOWN.max));
    case "reverse":
      return size && target.type.kind === "list" ? made(1, size) : undefined;
    case "flatten":
      return size && made(first ? (numberOf(first) ?? UNKNOWN.max) : 1, size);
    case "distinct":
      return size && made(2, times(size, size));
    case "sort":
      return target && sorted(target, target.type.params[0]?.kind);
    case "@sortByAssociatedKeys":
      return first && sorted(first, first.type.params[0]?.kind);
    case "isSorted":
    case "sum":
    case "max":
    case "min":
    case "indexOf":
    case "lastIndexOf":
      return target && { cost: elementCost(sizes, target) };
    default:
      return undefined;
  }
}

function elementCost(sizes: Sizes, target: ArgumentNode): Span {
  const size = sizeOfNode(target);
  const element = target.type.kind === "list" ? target.type.params[0] : undefined;
  if (element === undefined) return scaled(size, TRAVERSAL);
  if (element.kind !== "string" && element.kind !== "bytes") return size;
  const items = (target.path.length > 0 ? sizes.sizeAt([...target.path, "@items"]) : undefined) ?? UNKNOWN;
  return times(size, plus(fixed(1), scaled(items, TRAVERSAL)));
}

function sorted(node: ArgumentNode, kind: string | undefined): CallEstimate {
  const size = sizeOfNode(node);
  return made(kind === "string" || kind === "bytes" ? 2 + TRAVERSAL : 2, times(size, size));
}

function made(factor: number, size: Span): CallEstimate {
  return { cost: plus(scaled(size, factor), fixed(1 + LIST_COST)), size };
}

function numberOf(node: ArgumentNode | undefined): number | undefined {
  const value = node?.expr?.kind === "literal" ? node.expr.value : undefined;
  return typeof value === "bigint" ? Number(value) : undefined;
}

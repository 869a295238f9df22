import { sizeOfNode } from "./call-site.ts";
import type { ArgumentNode, CallEstimate, Sizes } from "./call-site.ts";
import { fixed, plus, scaled, times, UNKNOWN } from "./span.ts";
import type { Span } from "./span.ts";

export interface TextCall {
  readonly sizes: Sizes;
  readonly name: string;
  readonly target: ArgumentNode | undefined;
  readonly args: readonly ArgumentNode[];
}

const TRAVERSAL = 0.1;
const PATTERN = 0.25;
/** The longest pattern behind a named format. */
const FORMAT_PATTERN = 128;
const AUTHORIZATION_CHECK = 350_000;

/** What functions of texts cost, and of what is read from texts. */
export function estimateText({ sizes, name, target, args }: TextCall): CallEstimate | undefined {
  const [first, second] = args;
  const size = target && sizeOfNode(target);
  const argument = first && sizeOfNode(first);
  switch (name) {
    case "startsWith":
    case "endsWith":
    case "cidr":
    case "isIP":
    case "isCIDR":
    case "quantity":
    case "isQuantity":
    case "semver":
    case "isSemver":
      return argument && { cost: scaled(argument, TRAVERSAL) };
    case "ip":
      return target ? { cost: fixed(1) } : argument && { cost: scaled(argument, TRAVERSAL) };
    case "format":
      return size && { cost: scaled(size, TRAVERSAL) };
    case "url":
    case "jsonpatch.escapeKey":
      return argument && { cost: scaled(argument, TRAVERSAL), size: argument };
    case "lowerAscii":
    case "upperAscii":
    case "substring":
    case "trim":
      return size && { cost: scaled(size, TRAVERSAL), size };
    case "bytes":
    case "string":
      return argument && first && converted(name, first, argument);
    case "strings.quote":
      return (
        argument && { cost: scaled(argument, TRAVERSAL), size: plus(times(argument, { min: 1, max: 2 }), fixed(2)) }
      );
    case "ip.isCanonical":
      return argument && { cost: scaled(argument, 2 * TRAVERSAL) };
    case "matches":
      return size && argument && { cost: matching(size, argument) };
    case "find":
    case "findAll":
      return size && argument && { cost: matching(size, argument), size: { min: 0, max: size.max } };
    case "contains":
      return size && argument && { cost: times(scaled(size, TRAVERSAL), scaled(argument, TRAVERSAL)) };
    case "replace":
      return (
        size &&
        argument &&
        second && { cost: scaled(size, 2 * TRAVERSAL), size: replaced(size, argument, sizeOfNode(second)) }
      );
    case "split":
      return size && { cost: scaled(size, 2 * TRAVERSAL), size: { min: 0, max: limitOf(second) ?? size.max } };
    case "join":
      return target && size && joined(sizes, target, size, argument);
    default:
      return estimateOther(name, first);
  }
}

function estimateOther(name: string, first: ArgumentNode | undefined): CallEstimate | undefined {
  const argument = first && sizeOfNode(first);
  switch (name) {
    case "containsIP":
    case "containsCIDR":
      return first && argument && { cost: containment(name, first, argument) };
    case "validate":
      return argument && { cost: scaled(scaled(argument, TRAVERSAL), FORMAT_PATTERN * PATTERN) };
    case "check":
      return { cost: fixed(AUTHORIZATION_CHECK) };
    default:
      return undefined;
  }
}

function converted(name: string, { type }: ArgumentNode, size: Span): CallEstimate | undefined {
  if (name === "bytes" && type.kind === "string")
    return { cost: scaled(size, TRAVERSAL), size: { min: size.min, max: times(size, fixed(4)).max } };
  if (name === "string" && type.kind === "bytes")
    return { cost: scaled(size, TRAVERSAL), size: { min: Math.floor(size.min / 4), max: size.max } };
  return undefined;
}

function matching(text: Span, pattern: Span): Span {
  return times(scaled(plus(text, fixed(1)), TRAVERSAL), scaled(pattern, PATTERN));
}

function limitOf(node: ArgumentNode | undefined): number | undefined {
  const value = node?.expr?.kind === "literal" ? node.expr.value : undefined;
  return typeof value === "bigint" ? Number(value) : undefined;
}

function replaced(text: Span, part: Span, by: Span): Span {
  let [countMax, keptMax, countMin, keptMin] = [0, 0, 0, 0];
  if (part.min === 0) [countMax, keptMax] = [text.max + 1, text.max];
  else if (by.max <= part.min) keptMax = text.max;
  else countMax = Math.ceil(text.max / part.min);
  if (part.max === 0) [countMin, keptMin] = [text.min + 1, text.min];
  else if (part.max <= by.min) keptMin = text.min;
  else countMin = Math.ceil(text.min / part.max);
  return plus(times({ min: countMin, max: countMax }, by), { min: keptMin, max: keptMax });
}

function joined(sizes: Sizes, target: ArgumentNode, size: Span, separator: Span | undefined): CallEstimate {
  const items = (target.path.length > 0 ? sizes.sizeAt([...target.path, "@items"]) : undefined) ?? UNKNOWN;
  const between = { min: Math.max(0, size.min - 1), max: Math.max(0, size.max - 1) };
  const all = separator ? plus(times(size, items), times(separator, between)) : times(size, items);
  return { cost: scaled(all, TRAVERSAL), size: all };
}

/** Addresses are four or sixteen bytes. */
function containment(name: string, { type }: ArgumentNode, size: Span): Span {
  const bytes = { min: 4, max: 16 };
  let cost = scaled(plus(bytes, bytes), TRAVERSAL);
  if (name === "containsCIDR") cost = plus(plus(cost, scaled(bytes, TRAVERSAL)), fixed(1));
  return type.kind === "string" ? plus(cost, scaled(size, TRAVERSAL)) : cost;
}

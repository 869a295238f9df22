/** At least and at most; what is more than can be counted is as much as can be counted. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

const COUNT_MAX = 2 ** 64;

export const NOTHING: Span = { min: 0, max: 0 };
export const UNKNOWN: Span = { min: 0, max: COUNT_MAX };

export function fixed(count: number): Span {
  return { min: count, max: count };
}

function capped(count: number): number {
  return Math.min(count, COUNT_MAX);
}

export function plus(left: Span, right: Span): Span {
  return { min: capped(left.min + right.min), max: capped(left.max + right.max) };
}

export function times(left: Span, right: Span): Span {
  return { min: capped(left.min * right.min), max: capped(left.max * right.max) };
}

/** Rounded up. */
export function scaled({ min, max }: Span, factor: number): Span {
  return { min: capped(Math.ceil(min * factor)), max: capped(Math.ceil(max * factor)) };
}

export function unionOf(left: Span | undefined, right: Span): Span {
  return left === undefined ? right : { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}

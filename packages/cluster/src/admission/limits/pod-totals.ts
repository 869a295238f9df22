import { compareQuantities, sumQuantities } from "../../object/quantity.ts";
import type { Amounts, Container, PodSpec } from "../pod-shape.ts";

type Side = "requests" | "limits";

/**
 * What the containers of a pod take together: those that run at the same time are added up, and what comes before them counts when it
 * is more. What is said for the whole pod goes before that.
 */
export function totalOf({ containers, initContainers = [], resources }: PodSpec, side: Side): Amounts {
  let total = sumOf((containers ?? []).map((each) => amountsOf(each, side)));
  let before: Amounts = {};
  let sidecars: Amounts = {};
  for (const container of initContainers) {
    const own = amountsOf(container, side);
    if (container.restartPolicy === "Always") {
      total = sumOf([total, own]);
      sidecars = sumOf([sidecars, own]);
      before = largest(before, sidecars);
    } else before = largest(before, sumOf([own, sidecars]));
  }
  return { ...largest(total, before), ...resources?.[side] };
}

export function sumOf(all: readonly Amounts[]): Amounts {
  const names = new Set(all.flatMap((amounts) => Object.keys(amounts)));
  return Object.fromEntries(
    [...names].map((name) => [name, sumQuantities(all.flatMap((amounts) => amounts[name] ?? []))]),
  );
}

function largest(left: Amounts, right: Amounts): Amounts {
  const larger = Object.entries(right).filter(
    ([name, amount]) => left[name] === undefined || compareQuantities(amount, left[name]) > 0,
  );
  return { ...left, ...Object.fromEntries(larger) };
}

function amountsOf({ resources }: Container, side: Side): Amounts {
  return resources?.[side] ?? {};
}

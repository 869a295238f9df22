import { addAll, parseAmounts, podAmounts } from "../../model/pod-requests.ts";
import type { Amounts } from "../../model/pod-requests.ts";
import type { Pod } from "../pods/pod.ts";
import type { Refusal } from "./refusal.ts";

const billion = 1_000_000_000n;
const million = 1_000_000n;
const native: readonly string[] = ["cpu", "memory", "ephemeral-storage"];

/** What a node has too little of for a pod beside those that it has taken. Resources that the node knows nothing of are somebody else's. */
export function roomRefusal(
  pod: Pod,
  others: readonly Pod[],
  allocatable: Readonly<Record<string, string>>,
): Refusal | undefined {
  const capacity = parseAmounts(allocatable);
  const most = Number((capacity.get("pods") ?? 0n) / billion);
  if (others.length + 1 > most) return shortOf("pods", [1, others.length, most]);
  const wanted = podAmounts(pod);
  const used: Amounts = new Map();
  for (const each of others) addAll(used, podAmounts(each));
  for (const name of new Set([...native, ...wanted.keys()])) {
    const [asked, taken, whole] = [wanted.get(name) ?? 0n, used.get(name) ?? 0n, capacity.get(name)];
    if (asked === 0n || whole === undefined || taken + asked <= whole) continue;
    const unit = name === "cpu" ? million : billion;
    return shortOf(name, [asked / unit, taken / unit, whole / unit]);
  }
  return undefined;
}

function shortOf(
  name: string,
  [requested, used, capacity]: readonly [number | bigint, number | bigint, number | bigint],
): Refusal {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  return { reason: `OutOf${name}`, message: `Node didn't have enough resource: ${name}, ${amounts}` };
}

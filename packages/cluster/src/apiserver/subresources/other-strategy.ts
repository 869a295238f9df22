import type { Kind } from "../../kinds/index.ts";
import { get } from "../get.ts";
import { patch } from "../patch.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { methodNotAllowed } from "../status.ts";
import { update } from "../update.ts";

/** A subresource by which a part of the object itself is read and written: the verbs' own way, with other rules of what may change. */
export function withStrategy(
  verbs: readonly ("get" | "update" | "patch")[],
  rules: (kind: Kind, now: Date) => Partial<Kind["strategy"]>,
): SubresourceHandler {
  return async (call, context) => {
    const { kind, info } = call;
    const verb = verbs.find((each) => each === info.verb);
    if (verb === undefined) throw methodNotAllowed();
    if (verb === "get") return get(context, call);
    const strategy = { ...kind.strategy, createsOnUpdate: false, ...rules(kind, call.now) };
    const ruled = { ...call, kind: { ...kind, strategy } };
    return verb === "update" ? update(context, ruled) : patch(context, ruled);
  };
}

import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";

/** A child that goes on by itself: this process may end before it. */
export function letGo(child: ChildProcess): void {
  child.unref();
  // The other end sees it closed only when this process has ended.
  if (child.stdin instanceof Socket) child.stdin.unref();
}

import type { Autoscaler, ScalingRules } from "./autoscaler-object.ts";

const downWindowMs = 300_000;

interface Recommendation {
  readonly replicas: number;
  readonly atMs: number;
}

interface ScaleEvent {
  readonly change: number;
  readonly atMs: number;
}

interface History {
  recommendations: Recommendation[];
  up: ScaleEvent[];
  down: ScaleEvent[];
}

export interface Wish {
  readonly key: string;
  readonly current: number;
  readonly desired: number;
  readonly least: number;
  readonly now: number;
}

export interface Verdict {
  readonly replicas: number;
  readonly ableToScale: Words;
  readonly limited: Words & { readonly isLimited: boolean };
}

interface Words {
  readonly reason: string;
  readonly message: string;
}

const higher = "recent recommendations were higher than current one, applying the highest recent recommendation";
const lower = "recent recommendations were lower than current one, applying the lowest recent recommendation";
const ready = { reason: "ReadyForNewScale", message: "recommended size matches current size" };
const inRange = { reason: "DesiredWithinRange", message: "the desired count is within the acceptable range" };

/** Remembers what was recommended and done lately, so that scaling neither swings nor hastens. */
export class Recommendations {
  private readonly histories = new Map<string, History>();

  forget(key: string): void {
    this.histories.delete(key);
  }

  /** Before the first recommendation what is there counts as one. */
  begin(key: string, current: number, now: number): void {
    if (!this.histories.has(key)) {
      this.histories.set(key, { recommendations: [{ replicas: current, atMs: now }], up: [], down: [] });
    }
  }

  /** What becomes of a wish under the limits and the behaviour of its autoscaler. */
  judge({ spec }: Autoscaler, wish: Wish): Verdict {
    const history = this.histories.get(wish.key) ?? { recommendations: [], up: [], down: [] };
    const most = spec.maxReplicas;
    const { scaleUp, scaleDown } = spec.behavior ?? {};
    if (scaleUp === undefined || scaleDown === undefined) return judgePlain(history, wish, most);
    return judgeByRules(history, wish, { most, scaleUp, scaleDown });
  }

  scaled({ spec }: Autoscaler, key: string, change: { from: number; to: number; now: number }): void {
    const history = this.histories.get(key);
    if (history === undefined || spec.behavior === undefined) return;
    const isUp = change.to > change.from;
    const event = { change: Math.abs(change.to - change.from), atMs: change.now };
    const periods = (isUp ? spec.behavior.scaleUp : spec.behavior.scaleDown)?.policies?.map(
      (each) => each.periodSeconds,
    );
    const kept = (events: ScaleEvent[]) =>
      events.filter(({ atMs }) => atMs > change.now - Math.max(0, ...(periods ?? [])) * 1000);
    if (isUp) history.up = [...kept(history.up), event];
    else history.down = [...kept(history.down), event];
  }
}

function judgePlain(history: History, { current, desired, least, now }: Wish, most: number): Verdict {
  const recent = history.recommendations.filter(({ atMs }) => atMs >= now - downWindowMs);
  const stable = Math.max(desired, ...recent.map(({ replicas }) => replicas));
  history.recommendations = [...recent, { replicas: desired, atMs: now }];
  const ableToScale = stable === desired ? ready : { reason: "ScaleDownStabilized", message: higher };
  const fastest = Math.max(2 * current, 4);
  const limit = most > fastest ? { value: fastest, words: tooFast } : { value: most, words: tooMany };
  if (stable < least) return { replicas: least, ableToScale, limited: { ...tooFew, isLimited: true } };
  if (stable > limit.value) return { replicas: limit.value, ableToScale, limited: { ...limit.words, isLimited: true } };
  return { replicas: stable, ableToScale, limited: { ...inRange, isLimited: false } };
}

const tooFew = {
  reason: "TooFewReplicas",
  message: "the desired replica count is less than the minimum replica count",
};
const tooMany = {
  reason: "TooManyReplicas",
  message: "the desired replica count is more than the maximum replica count",
};
const tooFast = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate",
};
const tooSteep = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate",
};

interface Rules {
  readonly most: number;
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

function judgeByRules(history: History, wish: Wish, rules: Rules): Verdict {
  const { current, desired, now } = wish;
  const upMs = (rules.scaleUp.stabilizationWindowSeconds ?? 0) * 1000;
  const downMs = (rules.scaleDown.stabilizationWindowSeconds ?? downWindowMs / 1000) * 1000;
  const within = (ms: number) =>
    history.recommendations.filter(({ atMs }) => atMs > now - ms).map(({ replicas }) => replicas);
  const upTo = Math.min(desired, ...within(upMs));
  const downTo = Math.max(desired, ...within(downMs));
  const stable = Math.min(Math.max(current, upTo), downTo);
  const kept = history.recommendations.filter(({ atMs }) => atMs > now - Math.max(upMs, downMs));
  history.recommendations = [...kept, { replicas: desired, atMs: now }];
  const stabilized =
    desired >= current
      ? { reason: "ScaleUpStabilized", message: lower }
      : { reason: "ScaleDownStabilized", message: higher };
  const { replicas, words } = limitByRate(history, { ...wish, desired: stable }, rules);
  return {
    replicas,
    ableToScale: stable === desired ? ready : stabilized,
    limited: { ...words, isLimited: replicas !== stable },
  };
}

function limitByRate(history: History, wish: Wish, rules: Rules): { replicas: number; words: Words } {
  const { current, desired, least } = wish;
  if (desired > current) {
    const fastest = Math.max(current, rateLimit(history, wish, rules.scaleUp, 1));
    const [limit, words] = rules.most > fastest ? [fastest, tooFast] : [rules.most, tooMany];
    if (desired > limit) return { replicas: limit, words };
  } else if (desired < current) {
    const steepest = Math.min(current, rateLimit(history, wish, rules.scaleDown, -1));
    const [limit, words] = least < steepest ? [steepest, tooSteep] : [least, tooFew];
    if (desired < limit) return { replicas: limit, words };
  }
  return { replicas: desired, words: inRange };
}

/** How far the policies let it go from where each one's period began. */
function rateLimit(history: History, { current, now }: Wish, rules: ScalingRules, sign: 1 | -1): number {
  if (rules.selectPolicy === "Disabled") return current;
  const proposals = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const since = now - periodSeconds * 1000;
    const sum = (events: readonly ScaleEvent[]) =>
      events.filter(({ atMs }) => atMs > since).reduce((total, { change }) => total + change, 0);
    const start = current - sum(history.up) + sum(history.down);
    if (type === "Pods") return start + sign * value;
    const share = start * (1 + (sign * value) / 100);
    // Rounded so that a small number can always move by one.
    return sign > 0 ? Math.ceil(share) : Math.trunc(share);
  });
  if (proposals.length === 0) return current;
  const wantsMost = rules.selectPolicy !== "Min";
  return wantsMost === sign > 0 ? Math.max(...proposals) : Math.min(...proposals);
}

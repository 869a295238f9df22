// Every scenario on two clusters; the first one is right.
import type { ComparedScenario, Comparison } from "./compare/comparison.ts";
import { compareRun } from "./compare/comparison.ts";
import type { CheckOptions } from "./recorded-check.ts";
import { runScenario, variantsOf } from "./run/run-scenario.ts";
import type { ScenarioVariant } from "./run/run-scenario.ts";
import { openTarget, runSuite } from "./run/run-suite.ts";
import type { OpenTarget } from "./run/run-suite.ts";
import { readScenarios } from "./scenario/read-scenarios.ts";

export async function compareClusters(first: string, second: string, options: CheckOptions = {}): Promise<Comparison> {
  const variants = options.variants ?? readScenarios().flatMap(variantsOf);
  const right = await openTarget(first, options.level);
  const other = await openTarget(second, options.level);
  const started = performance.now();
  const compared = new Map<string, ComparedScenario>();
  try {
    await runSuite(
      async (variant) => {
        const [expected, actual] = await Promise.all([runScenario(right, variant), runScenario(other, variant)]);
        compared.set(variant.id, comparePair(variant, expected, actual));
        return actual;
      },
      variants,
      options.parallel === undefined ? {} : { parallel: options.parallel },
    );
  } finally {
    await closeBoth(right, other);
  }
  const results = variants.flatMap(({ id }) => compared.get(id) ?? []);
  const seconds = (performance.now() - started) / 1000;
  return { names: { expected: "first", actual: "second" }, results, seconds };
}

type Run = Awaited<ReturnType<typeof runScenario>>;

/** What can't run on both is no difference; what breaks on one alone is. */
function comparePair(variant: ScenarioVariant, expected: Run, actual: Run): ComparedScenario {
  const { id } = variant;
  if (expected.kind === "skipped") return { id, outcome: "skipped", reason: `on the first: ${expected.reason}`, steps: [] };
  if (expected.kind === "broken") return { id, outcome: "broken", reason: `on the first: ${expected.reason}`, steps: [] };
  return compareRun(variant, expected.steps, actual);
}

async function closeBoth(first: OpenTarget, second: OpenTarget): Promise<void> {
  await first.close();
  await second.close();
}

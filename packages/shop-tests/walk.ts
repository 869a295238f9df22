// A walk through a shop, wherever it runs, as a customer takes it: node packages/shop-tests/walk.ts --url http://shop.dev.localhost:8080
import { parseArgs } from "node:util";
import { buyInBrowser, findBrowser } from "./src/storefront-visit.ts";
import { Door } from "./src/door.ts";
import { walkThrough } from "./src/walk/walk.ts";
import type { StepReport } from "./src/walk/walk.ts";

const usage = `Walks through a shop and looks whether everything is as it should be.

  node packages/shop-tests/walk.ts --url URL [options]

  --url URL           the shop, under the name that it knows: http://shop.dev.localhost:8080
  --address IP        where that name leads to (127.0.0.1 for names below localhost, else what the machine says)
  --wait SECONDS      how long a shop that does not serve yet is waited for (60)
  --browser WHEN      buy something on the storefront in Chromium: auto (where there is one), always, never
  --screenshot FILE   what the browser saw in the end
  --json              one JSON document
`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    address: { type: "string" },
    wait: { type: "string", default: "60" },
    browser: { type: "string", default: "auto" },
    screenshot: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

function shown({ name, ms, problem }: StepReport): void {
  say(`${problem === undefined ? "✓" : "✗"} ${name} (${ms} ms)`);
  if (problem !== undefined) say(problem.replaceAll(/^/gmu, "    "));
}

/** Undefined when there is no browser and none is asked for. */
async function visit(door: Door): Promise<StepReport | undefined> {
  const { reason } = findBrowser();
  if (values.browser === "never" || (reason !== false && values.browser === "auto")) {
    say(`- the storefront was not tried in a browser: ${reason === false ? "--browser never" : reason}`);
    return undefined;
  }
  const name = "somebody buys something on the storefront";
  const began = performance.now();
  const problem = await buyInBrowser(door, values.screenshot).then(
    ({ steps, problems }) => {
      const way = steps.join(", ");
      if (way !== "placed, goods kept, invoiced, paid") return `the way of the order is shown as: ${way}`;
      return problems.length === 0 ? undefined : `the page complained: ${problems.join("; ")}`;
    },
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { name, ms: Math.round(performance.now() - began), ...(problem === undefined ? {} : { problem }) };
}

async function walk(url: string): Promise<boolean> {
  const door = new Door(url, values.address);
  const report = await walkThrough({ door, waitMs: Number(values.wait) * 1_000, onStep: shown });
  const visited = report.steps.length > 1 ? await visit(door) : undefined;
  if (visited) shown(visited);
  const steps = [...report.steps, ...(visited ? [visited] : [])];
  const passed = steps.every(({ problem }) => problem === undefined);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...report, steps, passed }, null, 2)}\n`);
  const versions = Object.entries(report.versions).map((each) => each.join(" "));
  say(`${passed ? "All is well" : "Not all is well"} at ${url}: ${versions.join(", ")}`);
  return passed;
}

if (values.help || values.url === undefined) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = (await walk(values.url)) ? 0 : 1;
}

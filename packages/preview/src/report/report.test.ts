import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DiffLine } from "../compare/line-diff.ts";
import { htmlReport } from "./html.ts";
import { commentMarker, markdownReport } from "./markdown.ts";
import { hasChanges, hasFailures, summary, type ApplicationPreview, type PreviewResult } from "./preview-result.ts";
import { terminalReport } from "./terminal.ts";

const plainStyle = {
  bold: (text: string) => text,
  dim: (text: string) => text,
  good: (text: string) => text,
  warning: (text: string) => text,
  bad: (text: string) => text,
};

function diff(...lines: readonly string[]): readonly DiffLine[] {
  return lines.map((line) => ({
    sign: line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ",
    text: line.slice(1),
  }));
}

const config = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop" };

const shop: ApplicationPreview = {
  name: "shop",
  namespace: "shop",
  cluster: "https://kubernetes.default.svc",
  status: "changed",
  objects: [
    { ...config, change: "changed", name: "a", lines: diff(" data:", "-  a: one", "+  a: two", " kind: ConfigMap") },
    { ...config, change: "added", name: "b", lines: diff("+kind: ConfigMap") },
    { ...config, change: "changed", name: "huge", lines: undefined },
  ],
  moved: [{ kind: "Service", namespace: "shop", name: "s", from: "shop", to: "web" }],
  problems: [{ severity: "warning", revision: "head", subject: "shop", message: "1 jqPathExpressions" }],
};

function resultOf(...applications: readonly ApplicationPreview[]): PreviewResult {
  const changed = applications.filter((each) => each.status !== "failed").length;
  return {
    base: "main",
    head: "topic",
    applications,
    totals: {
      applications: 92,
      rendered: 2,
      changed,
      failed: applications.length - changed,
      objectsAdded: 1,
      objectsRemoved: 0,
      objectsChanged: 2,
    },
    problems: [],
  };
}

const failed: ApplicationPreview = {
  ...shop,
  name: "broken",
  status: "failed",
  objects: [],
  moved: [],
  problems: [{ severity: "error", revision: "head", subject: "broken", message: "chart redis\nis not there" }],
};

describe("the result", () => {
  it("is summed up in a line", () => {
    assert.equal(
      summary(resultOf(shop, failed)),
      "1 of 92 applications changes; objects: 1 added, 2 changed, 0 removed; 1 application could not be rendered.",
    );
    assert.equal(summary(resultOf()), "No change in 92 applications.");
  });

  it("knows whether something changes or fails", () => {
    assert.deepEqual([hasChanges(resultOf(shop)), hasFailures(resultOf(shop))], [true, false]);
    assert.deepEqual([hasChanges(resultOf(failed)), hasFailures(resultOf(failed))], [false, true]);
    const problem = { severity: "error", revision: "head", subject: "ApplicationSet x", message: "m" } as const;
    assert.equal(hasFailures({ ...resultOf(), problems: [problem] }), true);
  });

  it("is JSON as it stands", () => assert.deepEqual(JSON.parse(JSON.stringify(resultOf(failed))), resultOf(failed)));
});

describe("the terminal report", () => {
  it("shows each application with its objects and their changed lines", () => {
    assert.equal(
      terminalReport(resultOf(shop), plainStyle),
      `shop changed · https://kubernetes.default.svc shop
  warning: shop at head: 1 jqPathExpressions
  ~ ConfigMap shop/a
        data:
      -   a: one
      +   a: two
        kind: ConfigMap
  + ConfigMap shop/b (1 line)
  ~ ConfigMap shop/huge
      (too large to show line by line)
  = Service shop/s: moves from shop to web, unchanged

1 of 92 applications changes; objects: 1 added, 2 changed, 0 removed.`,
    );
  });

  it("lets no control character of the repository reach the terminal", () => {
    const text = "x\u001B[2Jy\u0007\u009B";
    const hostile: ApplicationPreview = {
      ...shop,
      name: text,
      objects: [{ ...config, change: "changed", name: text, lines: diff(`+${text}`) }],
      problems: [{ severity: "error", revision: "head", subject: text, message: text }],
    };
    assert.doesNotMatch(terminalReport(resultOf(hostile), plainStyle), /[^\P{Cc}\n]/u);
  });
});

describe("the comment", () => {
  it("folds each application", () => {
    assert.equal(
      markdownReport(resultOf(shop)),
      `${commentMarker}

### Preview: \`main\` → \`topic\`

1 of 92 applications changes; objects: 1 added, 2 changed, 0 removed.

<details>
<summary><b>shop</b> changed (1 added, 2 changed, 1 moved)</summary>

- ⚠️ \`shop\` at \`head\`: 1 jqPathExpressions

**changed** \`ConfigMap shop/a\`

\`\`\`diff
 data:
-  a: one
+  a: two
 kind: ConfigMap
\`\`\`

**added** \`ConfigMap shop/b\`

\`\`\`diff
+kind: ConfigMap
\`\`\`

**changed** \`ConfigMap shop/huge\` (too large to show line by line)

- \`Service shop/s\` moves from shop to web, unchanged

</details>
`,
    );
  });

  it("fences a difference with more backticks than it has", () => {
    const fenced: ApplicationPreview = {
      ...shop,
      objects: [{ ...config, change: "changed", name: "a", lines: diff("+````", " ```") }],
    };
    assert.match(markdownReport(resultOf(fenced)), /\n`````diff\n\+````\n ```\n`````\n/);
  });

  it("keeps markup and line ends of the repository out of its own", () => {
    const hostile = { ...failed, name: "</summary><img src=x>`" };
    const text = markdownReport(resultOf(hostile));
    assert.doesNotMatch(text, /<img/);
    assert.match(text, /- ❌ `broken` at `head`: chart redis is not there/);
  });

  const many = (count: number, lines: number) =>
    Array.from({ length: count }, (_, index): ApplicationPreview => ({
      ...shop,
      name: `application-${index}`,
      objects: [
        {
          ...config,
          change: "added",
          name: "a",
          lines: diff(...Array.from({ length: lines }, (__, line) => `+line ${line}`)),
        },
      ],
    }));

  it("keeps within its length at any size, and never cuts inside a section", () => {
    const problems = Array.from({ length: 300 }, (_, index) => ({
      severity: "warning" as const,
      revision: "head",
      subject: `file-${index}.yaml`,
      message: "broken ".repeat(index % 9),
    }));
    for (const charactersMax of [1_000, 1_500, 4_000, 20_000, 60_000]) {
      for (const [count, lines, broken] of [
        [3, 2, 0],
        [40, 30, 10],
        [400, 3, 300],
        [2, 5_000, 300],
      ] as const) {
        const result = { ...resultOf(...many(count, lines)), problems: problems.slice(0, broken) };
        const text = markdownReport(result, charactersMax);
        assert.ok(text.length <= charactersMax, `${text.length} of ${charactersMax} for ${count} applications`);
        assert.equal(text.split("<details>").length, text.split("</details>").length);
        assert.equal(text.split("```diff").length * 2 - 1, text.split("```").length);
      }
    }
  });

  it("leaves out the lines before it leaves out an application, and names what it leaves out", () => {
    const short = markdownReport(resultOf(...many(2, 2_000)), 6_000);
    assert.match(short, /application-0[\s\S]*\*\*added\*\* `ConfigMap shop\/a`\n\n-/);
    assert.doesNotMatch(short, /Not shown/);
    const shorter = markdownReport(resultOf(...many(200, 500)), 6_000);
    assert.match(shorter, /Not shown for length: \d+ applications\. .*application-\d+, .* and \d+ others\n$/);
  });
});

describe("the page", () => {
  it("is one document with everything escaped", () => {
    const hostile: ApplicationPreview = {
      ...shop,
      name: `<script>"&`,
      objects: [{ ...config, change: "changed", name: "<b>", lines: diff("+<i>&amp;") }],
      problems: [{ severity: "error", revision: "<r>", subject: "<s>", message: "<m>" }],
    };
    const text = htmlReport(resultOf(hostile));
    assert.doesNotMatch(text, /<script|<i>|<r>|<s>|<m>/);
    assert.match(text, /&lt;script&gt;&quot;&amp;/);
    assert.match(text, /<div class="plus">\+ &lt;i&gt;&amp;amp;<\/div>/);
    assert.match(text, /^<!doctype html>[\s\S]*<\/html>\n$/);
    assert.match(text, /<li><b>92<\/b>applications<\/li>/);
  });

  it("loads nothing from elsewhere", () => assert.doesNotMatch(htmlReport(resultOf(shop)), /src=|href=|@import|url\(/));
});

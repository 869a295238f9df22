import { hunks, type DiffLine } from "../compare/line-diff.ts";
import type { ObjectChange } from "../compare/compare.ts";
import {
  objectName,
  summary,
  type ApplicationPreview,
  type PreviewProblem,
  type PreviewResult,
} from "./preview-result.ts";

const contextLines = 5;

const styleSheet = `
:root { color-scheme: light dark; --line: #8884; --add: #2da44e2b; --del: #cf222e2b; --muted: #7d8590; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
.summary { color: var(--muted); margin: 0 0 1.5rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1.5rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; }
.tiles b { display: block; font-size: 1.3rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 .75rem; }
details > *:not(summary) { padding: 0 1rem; }
summary { cursor: pointer; padding: .6rem 1rem; }
h2 { font-size: .95rem; margin: .75rem 0 .25rem; font-weight: 600; }
.tag { font-size: .75rem; border-radius: 1rem; padding: .1rem .55rem; border: 1px solid var(--line); margin-left: .5rem; }
.added { background: var(--add); } .removed { background: var(--del); }
.diff { font: 12.5px/1.45 ui-monospace, monospace; overflow-x: auto; padding: 0 0 .5rem; }
.diff div { white-space: pre; padding: 0 .5rem; min-width: max-content; }
.plus { background: var(--add); } .minus { background: var(--del); } .gap { color: var(--muted); }
.problem { border-left: 3px solid #d29922; margin: .5rem 1rem; } .error { border-color: #cf222e; }
`;

/** One page without scripts or anything from elsewhere: it can be kept as an artifact of a pipeline. */
export function htmlReport(result: PreviewResult): string {
  const { totals } = result;
  const tiles: readonly (readonly [string, number])[] = [
    ["applications", totals.applications],
    ["change", totals.changed],
    ["objects added", totals.objectsAdded],
    ["objects changed", totals.objectsChanged],
    ["objects removed", totals.objectsRemoved],
    ["failed", totals.failed],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview: ${escaped(result.base)} to ${escaped(result.head)}</title>
<style>${styleSheet}</style>
</head>
<body>
<h1>Preview: ${escaped(result.base)} → ${escaped(result.head)}</h1>
<p class="summary">${escaped(summary(result))}</p>
<ul class="tiles">${tiles.map(([name, number]) => `<li><b>${number}</b>${name}</li>`).join("")}</ul>
${result.problems.map(problemBlock).join("\n")}
${result.applications.map(applicationBlock).join("\n")}
</body>
</html>
`;
}

function applicationBlock(application: ApplicationPreview): string {
  const target = [application.cluster, application.namespace].filter((part) => part !== "").join(" · ");
  const moved = application.moved.map(
    (each) => `<p>${escaped(objectName(each))} moves from ${escaped(each.from)} to ${escaped(each.to)}, unchanged.</p>`,
  );
  return `<details${application.objects.length <= 20 ? " open" : ""}>
<summary><b>${escaped(application.name)}</b><span class="tag ${application.status}">${application.status}</span> ${escaped(target)}</summary>
${application.problems.map(problemBlock).join("\n")}
${application.objects.map(objectBlock).join("\n")}
${moved.join("\n")}
</details>`;
}

function objectBlock(object: ObjectChange): string {
  const head = `<h2>${escaped(objectName(object))}<span class="tag ${object.change}">${object.change}</span></h2>`;
  if (!object.lines) return `${head}<p class="gap">too large to show line by line</p>`;
  return `${head}\n<div class="diff">${hunks(object.lines, contextLines).map(lineBlock).join("")}</div>`;
}

function lineBlock(line: DiffLine | undefined): string {
  if (!line) return `<div class="gap">⋯</div>`;
  const name = { "+": "plus", "-": "minus", " ": "same" }[line.sign];
  return `<div class="${name}">${line.sign} ${escaped(line.text)}</div>`;
}

function problemBlock(problem: PreviewProblem): string {
  const text = `${problem.subject} at ${problem.revision}: ${problem.message}`;
  return `<p class="problem ${problem.severity}">${escaped(text)}</p>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

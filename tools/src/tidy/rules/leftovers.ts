import { lineOf, type SourceFile, type Violation } from "../repository.ts";

const reminder = /\b(FIX_?ME|TO_?DO|XXX|HACK)\b/;
const silencer = /(eslint|oxlint|biome)-(disable|ignore)|@ts-(ignore|nocheck|expect-error)/;
const narrowedTest = /^\s*(test|it|describe|suite)\.(only|todo)\(/m;

/** Reminders belong to the tracker, silenced checks are mended or the rule is wrong for everybody. */
export function checkLeftovers(file: SourceFile): readonly Violation[] {
  const violations: Violation[] = [];
  for (const comment of file.comments) {
    const line = lineOf(file, comment.start);
    const left = reminder.exec(comment.value)?.[0];
    if (left)
      violations.push({ path: file.path, line, message: `${left} is forgotten here: do it, or open an issue for it` });
    if (silencer.test(comment.value)) {
      violations.push({
        path: file.path,
        line,
        message: "a silenced check: mend the cause, or change the rule for everybody",
      });
    }
  }
  const narrowed = narrowedTest.exec(file.text);
  if (file.isTest && narrowed) {
    const message = `${narrowed[0]} leaves other tests out of the run`;
    violations.push({ path: file.path, line: lineOf(file, narrowed.index), message });
  }
  return violations;
}

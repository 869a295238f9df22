// Reads a scenario file. The format is described in the README of this folder.
import { createHash } from "node:crypto";
import { DiffError } from "../diff-error.ts";
import { cutIntoSections, syntaxError } from "./lines.ts";
import type { Attribute, Section } from "./lines.ts";
import { parseSteps } from "./parse-step.ts";
import { needs } from "./scenario.ts";
import type { Need, Scenario } from "./scenario.ts";

export interface ScenarioFile {
  /** As errors name it. */
  readonly file: string;
  readonly topic: string;
  readonly text: string;
}

export function parseScenarios(source: ScenarioFile): Scenario[] {
  const sections = cutIntoSections(source.file, source.text);
  const lineOfName = new Map<string, number>();
  return sections.map((section) => {
    const earlier = lineOfName.get(section.title);
    if (section.title === "") throw syntaxError(source.file, section.line, 'a scenario without a name after "=="');
    if (earlier !== undefined) {
      throw syntaxError(
        source.file,
        section.line,
        `the name of the scenario of line ${earlier}: names are unique in a file`,
      );
    }
    lineOfName.set(section.title, section.line);
    return parseScenario(source, section);
  });
}

type Header = Pick<Scenario, "needs" | "alone" | "labels" | "kubectl" | "sweep">;

function parseScenario(source: ScenarioFile, section: Section): Scenario {
  const steps = section.blocks.flatMap((block) => located(source.file, block.line, () => parseSteps(block)));
  if (steps.length === 0) throw syntaxError(source.file, section.line, "a scenario without a step");
  let header: Header = { needs: "api", alone: false, labels: {}, kubectl: [], sweep: [] };
  for (const attribute of section.attributes) {
    header = located(source.file, attribute.line, () => ({ ...header, ...headerField(attribute) }));
  }
  const key = createHash("sha256").update(section.text).digest("hex").slice(0, 12);
  return { topic: source.topic, name: section.title, line: section.line, ...header, steps, key };
}

function headerField({ name, value }: Attribute): Partial<Header> {
  switch (name) {
    case "needs":
      return { needs: needOf(value) };
    case "alone":
      return { alone: value === "yes" };
    case "labels":
      return { labels: Object.fromEntries(words(value).map(labelOf)) };
    case "kubectl":
      return { kubectl: words(value) };
    case "sweep":
      return { sweep: words(value) };
    default:
      throw new DiffError("syntax", `no "${name}:" for a scenario: there is needs, alone, labels, kubectl, sweep`);
  }
}

function needOf(value: string): Need {
  const found = needs.find((need) => need === value);
  if (found === undefined) throw new DiffError("syntax", `needs ${JSON.stringify(value)}: one of ${needs.join(", ")}`);
  return found;
}

function labelOf(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at < 1) throw new DiffError("syntax", `the label ${JSON.stringify(word)} is none: write name=value`);
  return [word.slice(0, at), word.slice(at + 1)];
}

export function words(text: string): string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== "");
}

/** Says where, for what is thrown without a place. */
function located<Result>(file: string, line: number, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DiffError) || error.message.startsWith(`${file}:`)) throw error;
    const own = /^line (?<line>\d+): (?<rest>[\s\S]*)$/u.exec(error.message)?.groups;
    throw syntaxError(file, own === undefined ? line : Number(own["line"]), own?.["rest"] ?? error.message);
  }
}

import { compareStrings } from "@fairway/gotemplate";
import { joinPath } from "../text/go-path.ts";

const notesSuffix = "NOTES.txt";

/** Takes the rendered notes out of the files, which leaves resources only. */
export function takeNotes(files: Map<string, string>, chartName: string, withSubcharts: boolean): string {
  const ownNotes = joinPath(chartName, "templates", notesSuffix);
  let notes = "";
  for (const path of [...files.keys()].sort(compareStrings)) {
    if (!path.endsWith(notesSuffix)) continue;
    const text = files.get(path) ?? "";
    files.delete(path);
    if (!withSubcharts && path !== ownNotes) continue;
    notes += notes === "" ? text : `\n${text}`;
  }
  return notes;
}

import { gunzipSync } from "node:zlib";
import { HelmError, messageOf } from "../errors.ts";
import { limits } from "../limits.ts";
import { cleanPath } from "../text/go-path.ts";
import type { ChartFile } from "./chart-file.ts";
import { withoutByteOrderMark } from "./chart-file.ts";
import { readTar } from "./tar.ts";

/** The files of a packaged chart, named relative to the chart's folder. Names that lead elsewhere are refused. */
export function readChartArchive(archive: Uint8Array): ChartFile[] {
  const files: ChartFile[] = [];
  let remaining = limits.archiveBytesMax;
  for (const entry of readTar(gunzip(archive))) {
    if (entry.directory) continue;
    const name = nameInChart(entry.name);
    if (entry.data.length > remaining) throw tooLarge();
    if (entry.data.length > limits.fileBytesMax) {
      throw new HelmError(
        "limit-exceeded",
        `decompressed chart file ${JSON.stringify(entry.name)} is larger than the maximum file size ${limits.fileBytesMax}`,
      );
    }
    remaining -= entry.data.length;
    if (remaining <= 0) throw tooLarge();
    files.push({ name, data: withoutByteOrderMark(entry.data) });
  }
  if (files.length === 0) throw invalid("no files in chart archive");
  return files;
}

/** Room for the headers of the archive beside the files that they describe. */
const headerBytesMax = limits.archiveEntriesMax * 1024;

function gunzip(archive: Uint8Array): Uint8Array {
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) throw invalid("gzip: invalid header");
  try {
    return gunzipSync(archive, { maxOutputLength: limits.archiveBytesMax + headerBytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(error);
    throw new HelmError("archive-invalid", `gzip: ${messageOf(error)}`, { cause: error });
  }
}

/** Archives made on Windows may have backslashes; the first element, whatever it is, is the chart's folder. */
function nameInChart(entryName: string): string {
  const delimiter = entryName.includes("\\") ? "\\" : "/";
  const parts = entryName.split(delimiter);
  const inner = parts.slice(1).join(delimiter).replaceAll(delimiter, "/");
  if (inner.startsWith("/")) throw invalid("chart illegally contains absolute paths");
  const name = cleanPath(inner);
  if (name === ".") {
    throw invalid(`chart illegally contains content outside the base directory: ${JSON.stringify(entryName)}`);
  }
  if (name.startsWith("..")) throw invalid("chart illegally references parent directory");
  if (/^[a-zA-Z]:\//u.test(name)) throw invalid("chart contains illegally named files");
  if (parts[0] === "Chart.yaml") throw invalid("chart yaml not in base directory");
  return name;
}

function tooLarge(cause?: unknown): HelmError {
  return new HelmError(
    "limit-exceeded",
    `decompressed chart is larger than the maximum size ${limits.archiveBytesMax}`,
    cause === undefined ? {} : { cause },
  );
}

function invalid(message: string): HelmError {
  return new HelmError("archive-invalid", message);
}

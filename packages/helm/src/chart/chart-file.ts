import { bytesToString } from "@fairway/gotemplate";

/** A file of a chart: its path relative to the chart's folder, with `/`, and its bytes. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** The content as a Go string: bytes that are no UTF-8 survive a round trip. */
export function textOf(file: ChartFile): string {
  return bytesToString(file.data);
}

export function withoutByteOrderMark(data: Uint8Array): Uint8Array {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}

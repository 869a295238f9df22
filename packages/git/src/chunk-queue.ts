/** Bytes as they arrive in pieces, taken in other pieces. What is taken is a copy of its own, so that it keeps nothing else alive. */
export class ChunkQueue {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** How much of the first chunk is taken. */
  #taken = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** At which byte the first line ends; undefined while its end has not come. */
  lineEnd(): number | undefined {
    let before = -this.#taken;
    for (const [index, chunk] of this.#chunks.entries()) {
      const found = chunk.indexOf(0x0a, index === 0 ? this.#taken : 0);
      if (found !== -1) return before + found;
      before += chunk.length;
    }
    return undefined;
  }

  /** As many bytes as are asked for must be there. */
  take(bytes: number): Buffer {
    const content = Buffer.allocUnsafeSlow(bytes);
    let filled = 0;
    this.#advance(bytes, (piece) => (filled += piece.copy(content, filled)));
    return content;
  }

  /** Up to so many bytes; gives how many were there. */
  drop(bytesMax: number): number {
    const bytes = Math.min(bytesMax, this.#bytes);
    this.#advance(bytes, () => undefined);
    return bytes;
  }

  #advance(bytes: number, use: (piece: Buffer) => void): void {
    let wanted = bytes;
    let finished = 0;
    for (const chunk of this.#chunks) {
      if (wanted === 0) break;
      const piece = chunk.subarray(this.#taken, this.#taken + wanted);
      use(piece);
      wanted -= piece.length;
      this.#taken += piece.length;
      if (this.#taken === chunk.length) {
        finished++;
        this.#taken = 0;
      }
    }
    this.#chunks.splice(0, finished);
    this.#bytes -= bytes;
  }
}

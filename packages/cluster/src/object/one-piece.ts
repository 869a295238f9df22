/**
 * The same text in one piece. V8 only notes of which parts a text is made, and JSON.stringify goes a slower way from the first such text on: an
 * object that has one near its beginning takes twice as long to write.
 */
export function inOnePiece(text: string): string {
  return Buffer.from(text).toString();
}

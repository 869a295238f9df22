import { resolvePlain } from "../resolve/resolve.ts";

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether the text, written plain, would be read as something else than this string. */
export function looksLikeOther(text: string): boolean {
  const code = text.charCodeAt(0);
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) {
    // Only words can be meant.
    return text.length <= 5 && resolvePlain(text).kind !== "string";
  }
  if (resolvePlain(text).kind !== "string") {
    return true;
  }
  const digitOrSign = (code >= 48 && code <= 57) || code === 43 || code === 45;
  return digitOrSign && base60.test(text);
}

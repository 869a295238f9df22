// Percent encoding as Go's net/url: which characters may stand for themselves depends on the part of the address.
import { fromByteText, toByteText } from "../byte-text.ts";

export type UrlPart = "path" | "userinfo" | "host" | "zone" | "fragment";

const alone: Readonly<Record<UrlPart, RegExp>> = {
  path: /^[A-Za-z0-9\-_.~$&+,/:;=@]$/,
  userinfo: /^[A-Za-z0-9\-_.~$&+,;=]$/,
  host: /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]$/,
  zone: /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]$/,
  fragment: /^[A-Za-z0-9\-_.~$&+,/:;=?@!()*]$/,
};

export function escapeUrl(text: string, part: UrlPart): string {
  let result = "";
  for (const char of toByteText(text)) {
    result += alone[part].test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return result;
}

/** Takes the escapes out; an invalid one is an error. */
export function unescapeUrl(text: string, part: UrlPart): string {
  const bytes = toByteText(text);
  const isHost = part === "host" || part === "zone";
  let result = "";
  for (let at = 0; at < bytes.length; at++) {
    const char = bytes[at] ?? "";
    if (char !== "%") {
      if (isHost && char < "\u0080" && !alone[part].test(char)) {
        throw new Error(`invalid character ${JSON.stringify(char)} in host name`);
      }
      result += char;
      continue;
    }
    const digits = bytes.slice(at + 1, at + 3);
    const escape = bytes.slice(at, at + 3);
    if (!/^[0-9a-fA-F]{2}$/u.test(digits)) throw invalidEscape(escape);
    const code = Number.parseInt(digits, 16);
    if (part === "host" && code < 0x80 && escape !== "%25") throw invalidEscape(escape);
    const decoded = String.fromCharCode(code);
    if (part === "zone" && escape !== "%25" && decoded !== " " && !alone.host.test(decoded))
      throw invalidEscape(escape);
    result += decoded;
    at += 2;
  }
  return fromByteText(result);
}

function invalidEscape(escape: string): Error {
  return new Error(`invalid URL escape ${JSON.stringify(fromByteText(escape))}`);
}

/** True if a given encoding of a path may stay as it is. */
export function isValidPathEncoding(text: string): boolean {
  return [...toByteText(text)].every((char) => /^[!'()*[\]%]$/u.test(char) || alone.path.test(char));
}

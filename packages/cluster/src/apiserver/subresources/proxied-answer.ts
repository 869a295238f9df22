import type { IncomingMessage } from "node:http";
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import type { ApiResponse } from "../../api/api-exchange.ts";
import { answerOf } from "./forward.ts";
import { pageBytesMax } from "./limits.ts";
import { throughProxy, withProxiedLinks, type ProxiedPlace } from "./proxied-links.ts";

/** What a pod answered, for a client that does not know where the pod is: its links and its redirections lead through the proxy. */
export function proxiedAnswer(incoming: IncomingMessage, place: ProxiedPlace): ApiResponse {
  const answer = answerOf(incoming);
  if (answer.kind !== "stream") return answer;
  const { location } = incoming.headers;
  if (location !== undefined && location !== "")
    return { ...answer, headers: { ...answer.headers, location: throughProxy(location, place) } };
  const coding = codings[incoming.headers["content-encoding"] ?? ""];
  const isPage = (incoming.headers["content-type"] ?? "").split(";")[0]?.trim() === "text/html";
  if (!isPage || coding === undefined) return answer;
  const { "content-length": _length, ...headers } = answer.headers;
  return { ...answer, headers, chunks: rewrittenPage(incoming, coding, place) };
}

interface Coding {
  readonly decode: (bytes: Buffer) => Buffer;
  readonly encode: (bytes: Buffer) => Buffer;
}

const bound = { maxOutputLength: pageBytesMax };

/** Those that Kubernetes knows; a page in another one stays as it is. */
const codings: Readonly<Record<string, Coding>> = {
  "": { decode: (bytes) => bytes, encode: (bytes) => bytes },
  gzip: { decode: (bytes) => gunzipSync(bytes, bound), encode: (bytes) => gzipSync(bytes) },
  deflate: { decode: (bytes) => inflateRawSync(bytes, bound), encode: (bytes) => deflateRawSync(bytes) },
};

async function* rewrittenPage(
  incoming: IncomingMessage,
  { decode, encode }: Coding,
  place: ProxiedPlace,
): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (length > pageBytesMax) {
      yield chunk;
      continue;
    }
    chunks.push(chunk);
    length += chunk.length;
    if (length > pageBytesMax) yield Buffer.concat(chunks);
  }
  if (length > pageBytesMax) return;
  const whole = Buffer.concat(chunks);
  const page = textOf(whole, decode);
  yield page === undefined ? whole : encode(Buffer.from(withProxiedLinks(page, place)));
}

/** Nothing when it is not coded as it says, or more than is looked at. */
function textOf(bytes: Buffer, decode: Coding["decode"]): string | undefined {
  try {
    return decode(bytes).toString("utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

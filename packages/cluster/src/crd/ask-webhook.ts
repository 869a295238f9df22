import { request } from "node:https";
import { isIP } from "node:net";
import type { AskConversion, ConversionWebhook } from "./conversion.ts";
import { answerBytesMax, webhookTimeoutMs } from "./limits.ts";

/** Where the processes behind a service listen. */
export type ResolveService = (
  namespace: string,
  name: string,
  port: number,
) => { readonly host: string; readonly port: number } | undefined;

/** Asks a conversion webhook over HTTPS. A service is known by its name inside the cluster, whatever its address is. */
export function askConversionOver(resolve: ResolveService): AskConversion {
  return (webhook, review) => post(targetOf(webhook, resolve), Buffer.from(JSON.stringify(review)), webhook.caBundle);
}

interface Target {
  readonly url: URL;
  readonly serverName: string;
}

function targetOf({ url, service }: ConversionWebhook, resolve: ResolveService): Target {
  if (url !== undefined) {
    const target = new URL(url);
    return { url: target, serverName: isIP(target.hostname) === 0 ? target.hostname : "" };
  }
  const { namespace = "", name = "", path = "", port = 443 } = service ?? {};
  const address = resolve(namespace, name, port);
  if (address === undefined) throw new Error(`no endpoints available for service ${JSON.stringify(name)}`);
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return {
    url: new URL(`https://${host}:${address.port}/${path.replace(/^\//, "")}`),
    serverName: `${name}.${namespace}.svc`,
  };
}

async function post({ url, serverName }: Target, body: Buffer, authority: string | undefined): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const call = request(
    url,
    {
      method: "POST",
      servername: serverName,
      timeout: webhookTimeoutMs,
      signal: AbortSignal.timeout(webhookTimeoutMs),
      headers: { "content-type": "application/json", "content-length": body.length },
      ...(authority && { ca: Buffer.from(authority, "base64") }),
    },
    (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > answerBytesMax) call.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) {
          reject(new Error(`the server answered ${response.statusCode ?? "nothing"}`));
          return;
        }
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
  );
  call.on("error", reject);
  call.end(body);
  return promise;
}

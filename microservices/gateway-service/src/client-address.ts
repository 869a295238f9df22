export interface Addressed {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string;
}

/**
 * Who asks: each proxy in front of the gateway writes behind the others from whom it took the request, so only as many
 * as there are proxies of our own can be believed. What is further left was written by the client.
 */
export function clientAddress({ headers, remoteAddress }: Addressed, proxies: number): string {
  const passed = String(headers["x-forwarded-for"] ?? "").split(",");
  const address = proxies === 0 ? undefined : passed.at(-proxies)?.trim();
  return address === undefined || address === "" ? remoteAddress : address;
}

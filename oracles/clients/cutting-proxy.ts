// Passes bytes on, and ends every connection after some time as a network does: without a word.
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";

export interface CuttingProxy {
  readonly url: string;
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

export async function startCuttingProxy(server: string, lifetimeMs: number): Promise<CuttingProxy> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let cuts = 0;
  const listener = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const end = (): void => {
      clearTimeout(timer);
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    const timer = setTimeout(() => {
      cuts += 1;
      end();
    }, lifetimeMs);
    open.add(client);
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    client.pipe(upstream).pipe(client);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${own}`,
    cuts: () => cuts,
    close: async () => {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

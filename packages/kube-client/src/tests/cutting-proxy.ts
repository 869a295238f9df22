import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

export interface CuttingProxy {
  readonly url: string;
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

/** Passes bytes on, and ends every connection after some time as a network does: without a word. */
export async function startCuttingProxy(server: string, lifetimeMs: number): Promise<CuttingProxy> {
  const { hostname, port, protocol } = new URL(server);
  const open = new Set<Socket>();
  let cuts = 0;
  const listener = createServer((near) => {
    const far = connect(Number(port), hostname);
    const end = (): void => {
      clearTimeout(timer);
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    const timer = setTimeout(() => {
      cuts += 1;
      end();
    }, lifetimeMs);
    open.add(near);
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    near.pipe(far).pipe(near);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  return {
    url: `${protocol}//127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    cuts: () => cuts,
    close: async () => {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** An address of an Ingress as it is reached through an ingress on another port. */
export function throughIngress(ingress: string): (address: string) => string {
  const { port } = new URL(ingress);
  return (address) => {
    const url = new URL(address);
    url.port = port;
    return url.href;
  };
}

/** Two services, one of which depends on what the other says. */
export interface Edge {
  readonly consumer: string;
  readonly provider: string;
}

export function edgeName({ consumer, provider }: Edge): string {
  return `${consumer} -> ${provider}`;
}

/** What a service answers to a request, in the process. */
export type Handler = (request: Request) => Promise<Response>;

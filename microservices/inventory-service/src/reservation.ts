export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

export type ReservationState = "reserved" | "taken" | "released" | "rejected";

export interface Reservation {
  readonly orderId: string;
  readonly state: ReservationState;
  readonly items: readonly Item[];
  readonly expiresAt: string;
  readonly reason?: string;
}

/** The same product on two lines is one amount; sorted, so that two orders lock rows in the same order. */
export function merged(items: readonly Item[]): readonly Item[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .toSorted((left, right) => (left.productId < right.productId ? -1 : 1));
}

CREATE TABLE orders (
  id uuid PRIMARY KEY,
  customer_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'reserved', 'invoiced', 'confirmed', 'cancelled')),
  reason text,
  items jsonb NOT NULL,
  total_cents bigint NOT NULL CHECK (total_cents >= 0),
  currency text NOT NULL,
  invoice_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_by_customer ON orders (customer_id, id DESC);
CREATE INDEX orders_open ON orders (created_at) WHERE state IN ('pending', 'reserved', 'invoiced');

CREATE TABLE order_history (
  order_id uuid NOT NULL REFERENCES orders,
  position bigint GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL,
  cause text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (order_id, position)
);

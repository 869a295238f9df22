CREATE TABLE stock (
  product_id uuid PRIMARY KEY,
  on_hand integer NOT NULL CHECK (on_hand >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  -- What was promised is there: no overselling, whatever the program does.
  CHECK (reserved <= on_hand)
);

-- One row an order, whatever becomes of it; a row without items remembers an order that was over before it came.
CREATE TABLE reservations (
  order_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('reserved', 'taken', 'released', 'rejected')),
  reason text,
  items jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX reservations_by_expiry ON reservations (expires_at) WHERE state = 'reserved';

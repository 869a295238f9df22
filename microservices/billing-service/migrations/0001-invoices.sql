CREATE TABLE invoices (
  id uuid PRIMARY KEY,
  -- One invoice an order, and so one payment.
  order_id uuid NOT NULL UNIQUE,
  customer_id text NOT NULL,
  total_cents bigint NOT NULL CHECK (total_cents >= 0),
  currency text NOT NULL,
  state text NOT NULL CHECK (state IN ('issued', 'paid', 'failed', 'reversing', 'void', 'refunded')),
  -- When the provider is to be asked next, and how often it was.
  due_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  traceparent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX invoices_due ON invoices (due_at) WHERE state IN ('issued', 'reversing');
CREATE INDEX invoices_by_customer ON invoices (customer_id, id);

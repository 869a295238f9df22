CREATE TABLE charges (
  reference text PRIMARY KEY,
  amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
  currency text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'declined', 'voided', 'refunded')),
  settle_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX charges_pending ON charges (settle_at) WHERE status = 'pending';

CREATE TABLE webhooks (
  id uuid PRIMARY KEY,
  payload jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX webhooks_due ON webhooks (due_at);

-- What was switched on holds for all replicas and outlives a restart.
CREATE TABLE failures (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  settings jsonb NOT NULL
);

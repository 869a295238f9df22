-- A profile belongs to the subject of a token; accounts themselves are kept elsewhere.
CREATE TABLE profiles (
  subject uuid PRIMARY KEY,
  name text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE addresses (
  id uuid PRIMARY KEY,
  subject uuid NOT NULL REFERENCES profiles (subject) ON DELETE CASCADE,
  name text NOT NULL,
  street text NOT NULL,
  city text NOT NULL,
  postcode text NOT NULL,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX addresses_subject ON addresses (subject, created_at);

CREATE TABLE categories (
  slug text PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE products (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  description text NOT NULL,
  category text NOT NULL REFERENCES categories (slug),
  price_cents bigint NOT NULL CHECK (price_cents > 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  emblem text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  -- Grows with each change, so that of two editors the second hears of the first.
  revision integer NOT NULL DEFAULT 1,
  words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', description), 'B')
  ) STORED
);

CREATE INDEX products_words ON products USING gin (words);
CREATE INDEX products_by_name ON products (name, id) WHERE active;
CREATE INDEX products_by_price ON products (price_cents, id) WHERE active;
CREATE INDEX products_by_category ON products (category) WHERE active;

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  roles text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One row for each refresh token that was ever handed out and is not yet expired. A token is used once; the tokens that
-- follow from one login are a family.
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  family uuid NOT NULL,
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz
);

CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_account ON refresh_tokens (account_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- A key signs from active_from on, which is a little after everybody can read it, and verifies until expires_at.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  sealed_key bytea NOT NULL,
  active_from timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

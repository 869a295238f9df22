import { randomUUIDv7 } from "node:crypto";
import { DatabaseError, problem } from "@fairway/kit";
import { checkNobody, hashPassword, isOutdated, passwordMatches } from "./passwords.ts";
import type { Database } from "@fairway/kit";

export const roles = ["customer", "admin", "service"] as const;

export type Role = (typeof roles)[number];

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

export interface Accounts {
  /** Fails with problem 409 for a known address. */
  register(email: string, password: string, given: readonly Role[]): Promise<Account>;
  /** Fails with problem 401; an unknown address and a wrong password look the same, also to a clock. */
  authenticate(email: string, password: string): Promise<Account>;
  find(id: string): Promise<Account | undefined>;
  setRoles(id: string, given: readonly Role[]): Promise<Account | undefined>;
}

interface Row extends Account {
  readonly password_hash: string;
}

const columns = "id, email, roles";

export function createAccounts(db: Database): Accounts {
  return {
    register: async (email, password, given) => {
      const account = { id: randomUUIDv7(), email: canonical(email), roles: given };
      const hash = await hashPassword(password);
      try {
        await db.query("INSERT INTO accounts (id, email, password_hash, roles) VALUES ($1, $2, $3, $4)", [
          account.id,
          account.email,
          hash,
          given,
        ]);
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code !== "unique") throw error;
        throw problem(409, {
          type: "/problems/email-taken",
          detail: "there is an account with this address",
          cause: error,
        });
      }
      return account;
    },
    authenticate: async (email, password) => {
      const { rows } = await db.query<Row>(`SELECT ${columns}, password_hash FROM accounts WHERE email = $1`, [
        canonical(email),
      ]);
      const row = rows[0];
      if (!row) await checkNobody(password);
      if (!row || !(await passwordMatches(password, row.password_hash))) {
        throw problem(401, { type: "/problems/wrong-credentials", detail: "the address or the password is wrong" });
      }
      if (isOutdated(row.password_hash)) {
        const hash = await hashPassword(password);
        await db.query("UPDATE accounts SET password_hash = $2 WHERE id = $1", [row.id, hash]);
      }
      return { id: row.id, email: row.email, roles: row.roles };
    },
    find: async (id) => {
      const { rows } = await db.query<Account>(`SELECT ${columns} FROM accounts WHERE id = $1`, [id]);
      return rows[0];
    },
    setRoles: async (id, given) => {
      const { rows } = await db.query<Account>(`UPDATE accounts SET roles = $2 WHERE id = $1 RETURNING ${columns}`, [
        id,
        given,
      ]);
      return rows[0];
    },
  };
}

export function canonical(email: string): string {
  return email.trim().toLowerCase();
}

import { randomUUIDv7 } from "node:crypto";
import { limits } from "./limits.ts";
import type { Database, Queryable } from "@fairway/kit";

export interface Profile {
  readonly subject: string;
  readonly name: string;
  readonly phone: string;
}

export interface NewAddress {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

export interface Address extends NewAddress {
  readonly id: string;
}

export interface Profiles {
  /** An empty one for somebody who has not written anything yet. */
  find(subject: string): Promise<Profile>;
  list(limit: number, after: string | undefined): Promise<readonly Profile[]>;
  save(profile: Profile): Promise<Profile>;
  /** Everything that is known about a person is gone. */
  erase(subject: string): Promise<void>;
  addresses(subject: string): Promise<readonly Address[]>;
  addAddress(subject: string, address: NewAddress): Promise<Address | "too_many">;
  /** False when this person has no such address, also when somebody else has. */
  removeAddress(subject: string, id: string): Promise<boolean>;
}

const addressColumns = "id, name, street, city, postcode, country";

export function createProfiles(db: Database): Profiles {
  return {
    find: async (subject) => {
      const { rows } = await db.query<Profile>("SELECT subject, name, phone FROM profiles WHERE subject = $1", [
        subject,
      ]);
      return rows[0] ?? { subject, name: "", phone: "" };
    },
    list: async (limit, after) => {
      const { rows } = await db.query<Profile>(
        "SELECT subject, name, phone FROM profiles WHERE $2::uuid IS NULL OR subject > $2 ORDER BY subject LIMIT $1",
        [limit, after],
      );
      return rows;
    },
    save: async (profile) => {
      await db.query(
        `INSERT INTO profiles (subject, name, phone) VALUES ($1, $2, $3)
         ON CONFLICT (subject) DO UPDATE SET name = $2, phone = $3, updated_at = now()`,
        [profile.subject, profile.name, profile.phone],
      );
      return profile;
    },
    erase: async (subject) => {
      await db.query("DELETE FROM profiles WHERE subject = $1", [subject]);
    },
    addresses: async (subject) => {
      const { rows } = await db.query<Address>(
        `SELECT ${addressColumns} FROM addresses WHERE subject = $1 ORDER BY created_at, id`,
        [subject],
      );
      return rows;
    },
    addAddress: (subject, address) => db.transaction((tx) => addAddress(tx, subject, address)),
    removeAddress: async (subject, id) => {
      const { count } = await db.query("DELETE FROM addresses WHERE subject = $1 AND id = $2", [subject, id]);
      return count > 0;
    },
  };
}

/** The profile's row is locked, so that several at once don't get past the bound. */
async function addAddress(tx: Queryable, subject: string, address: NewAddress): Promise<Address | "too_many"> {
  await tx.query("INSERT INTO profiles (subject) VALUES ($1) ON CONFLICT DO NOTHING", [subject]);
  await tx.query("SELECT 1 FROM profiles WHERE subject = $1 FOR UPDATE", [subject]);
  const { count } = await tx.query("SELECT 1 FROM addresses WHERE subject = $1", [subject]);
  if (count >= limits.addressesMax) return "too_many";
  const id = randomUUIDv7();
  const { name, street, city, postcode, country } = address;
  await tx.query(
    "INSERT INTO addresses (id, subject, name, street, city, postcode, country) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [id, subject, name, street, city, postcode, country],
  );
  return { id, name, street, city, postcode, country };
}

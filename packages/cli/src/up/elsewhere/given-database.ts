import { Client } from "pg";
import { CliError } from "../../cli-error.ts";

/** Makes what is missing on a server that others run: a database each, owned by a role of its name with its password. */
export async function prepareDatabases(address: string, databases: Readonly<Record<string, string>>): Promise<void> {
  const client = new Client({ connectionString: address, connectionTimeoutMillis: connectTimeoutMs });
  try {
    await client.connect();
    for (const [name, password] of Object.entries(databases)) await prepare(client, name, password);
  } catch (error) {
    throw new CliError("environment", `${shown(address)}: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "--database needs the address of a role that may make roles and databases, reached from here and from the cluster",
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** The same server for a service, as its own role. */
export function addressFor(address: string, database: string, password: string): string {
  const url = new URL(address);
  url.username = database;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}

const connectTimeoutMs = 10_000;

async function prepare(client: Client, name: string, password: string): Promise<void> {
  const role = client.escapeIdentifier(name);
  const { rowCount: roles } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  if (roles === 0) await client.query(`CREATE ROLE ${role} LOGIN`);
  await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
  const { rowCount: found } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (found !== 0) return;
  // Who may not give a database away has to belong to the role first; a superuser need not.
  await client.query(`GRANT ${role} TO CURRENT_USER`);
  await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
  await client.query(`REVOKE CONNECT ON DATABASE ${role} FROM PUBLIC`);
}

/** Without the password. */
function shown(address: string): string {
  const url = new URL(address);
  url.password = "";
  return url.href;
}

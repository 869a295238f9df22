/**
 * What starts PostgreSQL in its image. It makes the cluster the first time, then the databases that are missing, and becomes the server: the
 * same process, so that signals and the end of it are the server's own.
 */
export const entryProgram = `import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";

const home = "/usr/lib/postgres/bin";
const data = "/var/lib/postgresql/data";
const list = process.env.DATABASES_FILE ?? "/etc/fairway/databases/databases.json";

function run(program, args, input) {
  const { error, status, stdout, stderr } = spawnSync(\`\${home}/\${program}\`, args, { input, encoding: "utf8", cwd: "/" });
  if (error) throw error;
  return { status, output: \`\${stdout}\${stderr}\` };
}

function fail(text) {
  console.error(text.trim());
  process.exit(1);
}

if (!existsSync(\`\${data}/PG_VERSION\`)) {
  // One that was interrupted is made anew: nobody can have used it.
  const draft = \`\${data}.new\`;
  rmSync(draft, { recursive: true, force: true });
  const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
  const made = run("initdb", [\`--pgdata=\${draft}\`, "--username=postgres", "--auth=reject", "--no-instructions", ...locale]);
  if (made.status !== 0) fail(made.output);
  renameSync(draft, data);
}

const databases = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
const statements = Object.entries(databases).flatMap(([name, password]) => {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) fail(\`\${JSON.stringify(name)} is no name for a database\`);
  return [
    \`CREATE ROLE "\${name}" LOGIN\`,
    \`ALTER ROLE "\${name}" PASSWORD '\${String(password).replaceAll("'", "''")}'\`,
    \`CREATE DATABASE "\${name}" OWNER "\${name}" STRATEGY FILE_COPY\`,
    \`REVOKE CONNECT ON DATABASE "\${name}" FROM PUBLIC\`,
  ];
});
if (statements.length > 0) {
  // Without a server, so that nobody gets in before everything is there; one statement a line.
  const quiet = ["-c", "log_min_messages=error", "-c", "log_min_error_statement=panic"];
  const made = run("postgres", ["--single", "-D", data, ...quiet, "postgres"], statements.join("\\n"));
  const refused = made.output.split("\\n").filter((line) => line.includes("ERROR:") && !line.includes("already exists"));
  if (made.status !== 0 || refused.length > 0) fail(\`databases can't be made: \${refused[0] ?? made.output}\`);
}

const settings = {
  listen_addresses: "*",
  port: process.env.PORT || "5432",
  unix_socket_directories: "",
  hba_file: "/etc/postgresql/pg_hba.conf",
  max_connections: "200",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};
const words = Object.entries(settings).flatMap(([name, value]) => ["-c", \`\${name}=\${value}\`]);
process.execve(\`\${home}/postgres\`, [\`\${home}/postgres\`, "-D", data, ...words], process.env);
`;

/**
 * initdb starts the server by way of /bin/sh, and an image has none. This is as much of one as initdb asks for: one command, quotes, and
 * where its input comes from and its output goes.
 */
export const shellProgram = `#!/usr/bin/node
const { spawnSync } = require("node:child_process");
const { openSync } = require("node:fs");

const [command = ""] = process.argv.slice(2).filter((word) => word !== "-c" && word !== "--");
const words = [];
const stdio = ["inherit", "inherit", "inherit"];
const token = /\\s*(?:(2>&1)|([<>])|((?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s"'<>|&;$\`()])+))/gy;
let target;
while (token.lastIndex < command.trimEnd().length) {
  const [, both, arrow, word] = token.exec(command) ?? [];
  if (both) stdio[2] = stdio[1];
  else if (arrow) target = arrow;
  else if (word !== undefined) {
    const plain = word.replace(/"((?:[^"\\\\]|\\\\.)*)"|'([^']*)'/g, (_, double, single) => single ?? double.replace(/\\\\(.)/g, "$1"));
    if (target === "<") stdio[0] = openSync(plain, "r");
    else if (target === ">") stdio[1] = openSync(plain, "w");
    else words.push(plain);
    target = undefined;
  } else {
    console.error(\`sh: this is no shell, and can't run: \${command}\`);
    process.exit(2);
  }
}
const [program = "", ...args] = words;
const { error, status } = spawnSync(program, args, { stdio });
if (error) console.error(\`sh: \${error.message}\`);
process.exit(error ? 127 : (status ?? 128));
`;

/** The server is reached over the network alone, by those who have a password. */
export const accessRules = "host all all all scram-sha-256\n";

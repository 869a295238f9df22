import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { writeTemporary } from "../tests/write-temporary.ts";
import type { TemporaryFolder } from "../tests/write-temporary.ts";
import { credentialSourceOf, tokenFileSource } from "./credential-source.ts";
import type { CredentialContext } from "./credential-source.ts";
import { parseKubeconfig } from "./kubeconfig-file.ts";
import type { KubeconfigUser } from "./kubeconfig-file.ts";

/** Answers what `answer.json` says, and notes what it was told. */
const plugin = `#!/bin/sh
echo "$KUBERNETES_EXEC_INFO $1 $GREETING" >> "$(dirname "$0")/told"
cat "$(dirname "$0")/answer.json"
`;

describe("credentials", () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await writeTemporary({ plugin, failing: "#!/bin/sh\necho log in first >&2\nexit 3\n" });
  });
  after(() => folder.remove());

  const at = (name: string): string => join(folder.path, name);
  const userOf = (text: string): KubeconfigUser => {
    const user = parseKubeconfig(`users: [{ name: u, user: { ${text} } }]`, at("config")).users.get("u");
    assert.ok(user);
    return user;
  };
  let time = Date.parse("2026-01-01T00:00:00Z");
  const context: CredentialContext = {
    where: "config: users[u]",
    cluster: { server: "https://c" },
    env: process.env,
    isTerminal: false,
    now: () => time,
  };
  const answer = (status: Record<string, string>, version = "v1"): Promise<void> => {
    const value = { apiVersion: `client.authentication.k8s.io/${version}`, kind: "ExecCredential", status };
    return writeFile(at("answer.json"), JSON.stringify(value));
  };
  const exec = (more = ""): string =>
    `exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [hello], interactiveMode: Never${more} }`;
  const told = async (): Promise<string[]> => {
    const { readFile } = await import("node:fs/promises");
    return (await readFile(at("told"), "utf8")).trim().split("\n");
  };

  test("a plugin is found beside its kubeconfig, told of the cluster and asked once until its answer ends", async () => {
    await writeFile(at("told"), "");
    await answer({ token: "t1", expirationTimestamp: "2026-01-01T01:00:00Z" });
    const wish = exec(", provideClusterInfo: true, env: [{ name: GREETING, value: hi }]");
    const source = await credentialSourceOf(userOf(wish), context);
    assert.deepEqual(await Promise.all([source.get(), source.get()]), [{ token: "t1" }, { token: "t1" }]);
    await answer({ token: "t2", expirationTimestamp: "2026-01-01T03:00:00Z" });
    time += 3_594_000;
    assert.deepEqual(await source.get(), { token: "t1" });
    time += 2_000;
    assert.deepEqual(await source.get(), { token: "t2" });
    source.forget();
    await source.get();
    const lines = await told();
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", / hello hi$/u);
    assert.deepEqual(JSON.parse((lines[0] ?? "").replace(/ hello hi$/u, "")), {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: "https://c" } },
    });
  });

  test("what a plugin does wrong is said with its own words", async () => {
    const wrong: readonly [Record<string, string>, string, RegExp][] = [
      [
        { token: "t" },
        "v1beta1",
        /printed client.authentication.k8s.io\/v1beta1 ExecCredential, but .*\/v1 ExecCredential/u,
      ],
      [{}, "v1", /printed neither a token nor a certificate/u],
      [{ clientCertificateData: "x" }, "v1", /printed a certificate or a key, but not both/u],
      [{ token: "t", expirationTimestamp: "soon" }, "v1", /printed "soon" as expirationTimestamp/u],
    ];
    for (const [status, version, message] of wrong) {
      await answer(status, version);
      const source = await credentialSourceOf(userOf(exec()), context);
      await assert.rejects(source.get(), { code: "credentials", message });
    }
    const failing = await credentialSourceOf(userOf(exec().replace("./plugin", "./failing")), context);
    await assert.rejects(failing.get(), {
      code: "credentials",
      message: /failing ended with exit code 3: log in first/u,
    });
    const missing = exec(', installHint: "get it at example.org"').replace("./plugin", "no-such-plugin");
    const source = await credentialSourceOf(userOf(missing), context);
    await assert.rejects(source.get(), {
      code: "credentials",
      message: /no-such-plugin is not installed\nget it at example.org/u,
    });
    const asking = await credentialSourceOf(userOf(exec().replace("Never", "Always")), context).catch(
      (error: unknown) => error,
    );
    assert.match(String(asking), /has to ask a person/u);
  });

  test("a token file is read again after some seconds, and its last token stays good while it can't be read", async () => {
    await writeFile(at("token"), "one\n");
    const source = tokenFileSource(at("token"), {}, () => time);
    assert.deepEqual(await source.get(), { token: "one" });
    await writeFile(at("token"), "two\n");
    assert.deepEqual(await source.get(), { token: "one" });
    time += 11_000;
    assert.deepEqual(await source.get(), { token: "two" });
    const gone = tokenFileSource(at("gone"), {}, () => time);
    await assert.rejects(gone.get(), { code: "credentials", message: /gone can't be read/u });
    const fallback = await credentialSourceOf(userOf(`token: given, tokenFile: ${at("gone")}`), context);
    assert.deepEqual(await fallback.get(), { token: "given" });
  });
});

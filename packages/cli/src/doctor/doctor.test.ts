import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { examine, isFit } from "../commands/doctor.ts";
import { thisMachine, type Machine } from "./machine.ts";

const fitMachine: Machine = {
  platform: "linux",
  architecture: "x64",
  nodeVersion: "26.10.0",
  isRoot: false,
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  freeDiskBytes: async () => 50 * 1024 ** 3,
  find: async (program) => `/usr/bin/${program}`,
  output: async (program) => `${program} version 3.45.6`,
  readText: async () => "cpu memory",
  writable: async () => true,
  portProblem: async () => undefined,
};

async function statuses(changes: Partial<Machine>): Promise<Record<string, string>> {
  const findings = await examine({ ...fitMachine, ...changes });
  return Object.fromEntries(findings.map((each) => [each.subject, each.status]));
}

describe("the doctor", () => {
  test("finds nothing wrong with a machine that has everything", async () => {
    const findings = await examine(fitMachine);
    assert.ok(isFit(findings));
    assert.deepEqual([...new Set(findings.map((each) => each.status))], ["ok"]);
  });

  test("calls a machine without git, or with an old Node, not fit", async () => {
    const withoutGit = { output: async (program: string) => (program === "git" ? undefined : "version 3.1.4") };
    assert.ok(!isFit(await examine({ ...fitMachine, ...withoutGit })));
    assert.ok(!isFit(await examine({ ...fitMachine, nodeVersion: "20.20.2" })));
  });

  test("calls a machine without optional tools fit, and says what follows", async () => {
    const bare = await examine({
      ...fitMachine,
      find: async () => undefined,
      output: async (program) => (program === "git" ? "git version 2.39.5" : undefined),
    });
    assert.ok(isFit(bare));
    assert.match(bare.find((each) => each.subject === "oci runtime")?.meaning ?? "", /install runc/);
  });

  test("tries namespaces in the way that the user could use them", async () => {
    const asked: string[] = [];
    const output = async (program: string, args: readonly string[]) => {
      asked.push([program, ...args].join(" "));
      return "";
    };
    await examine({ ...fitMachine, output, isRoot: false });
    assert.ok(asked.some((each) => each.startsWith("unshare --user")));
  });

  test("reports a port that is taken, too little disk, and a system without containers", async () => {
    assert.equal(
      (await statuses({ portProblem: async (port) => (port === 6443 ? "EADDRINUSE" : undefined) }))["port 6443"],
      "limited",
    );
    assert.equal((await statuses({ freeDiskBytes: async () => 1 }))["disk"], "limited");
    assert.equal((await statuses({ platform: "darwin" }))["containers"], "limited");
    assert.equal((await statuses({ writable: async () => false }))["cgroups"], "limited");
  });
});

describe("this machine", () => {
  const machine = thisMachine(process.cwd(), process.env);

  test("notices that a port is taken, and that it is free again", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    assert.equal(await machine.portProblem(address.port), "EADDRINUSE");
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await machine.portProblem(address.port), undefined);
  });

  test("finds programs, runs them, and treats a missing or failing one as no answer", async () => {
    assert.match((await machine.find("node")) ?? "", /node$/);
    assert.equal(await machine.find("no-such-program-here"), undefined);
    assert.match((await machine.output("node", ["--version"])) ?? "", /^v\d+/);
    assert.equal(await machine.output("no-such-program-here", []), undefined);
    assert.equal(await machine.output("node", ["--no-such-option"]), undefined);
  });
});

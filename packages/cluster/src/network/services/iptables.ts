import { runTool, runToolOrFail } from "../run-tool.ts";
import { entryJumps, iptablesRules } from "./iptables-rules.ts";
import type { RuleFacts, Traffic } from "./iptables-rules.ts";

const tables = ["nat", "filter"] as const;
type TableName = (typeof tables)[number];

/** Keeps the kernel's rules equal to a table of services and isolated pods; what another program has in the same tables stays as it is. */
export class Iptables {
  readonly #facts: RuleFacts;
  #last = "";
  #known: Record<TableName, Set<string>> = { nat: new Set(), filter: new Set() };

  constructor(facts: RuleFacts) {
    this.#facts = facts;
  }

  /** Learns what an earlier run left, and has the kernel's chains lead into ours. */
  async open(): Promise<void> {
    for (const table of tables) this.#known[table] = await this.#chainsOf(table);
    // What an earlier run left stays in effect until the first table is there: pods that went on are served and kept apart meanwhile.
    const isWhole = entryJumps(this.#facts).every(([table, , rule]) => this.#known[table].has(rule.at(-1) ?? ""));
    if (!isWhole) await this.apply({ ports: [], isolations: [] });
    for (const [table, chain, rule] of entryJumps(this.#facts)) {
      const { code } = await runTool(["iptables", "-w", "-t", table, "-C", chain, ...rule]);
      if (code !== 0) await runToolOrFail(["iptables", "-w", "-t", table, "-I", chain, ...rule]);
    }
  }

  async apply(traffic: Traffic): Promise<void> {
    const { text, chains } = iptablesRules(traffic, this.#facts);
    if (text === this.#last) return;
    const stale = (table: TableName): string[] => [...this.#known[table]].filter((name) => !chains[table].has(name));
    // Chains go in the same step in which the last rule that leads into them goes.
    const whole = tables.reduce((sum, table) => {
      const gone = stale(table);
      const flushed = gone.map((name) => `:${name} - [0:0]\n`).join("");
      const removed = gone.map((name) => `-X ${name}\n`).join("");
      return sum
        .replace(`*${table}\n`, `*${table}\n${flushed}`)
        .replace(new RegExp(`(\\*${table}\\n[^*]*)COMMIT\\n`, "u"), `$1${removed}COMMIT\n`);
    }, text);
    await runToolOrFail(["iptables-restore", "-w", "--noflush"], { input: whole });
    this.#last = text;
    this.#known = { nat: new Set(chains.nat), filter: new Set(chains.filter) };
  }

  /** Takes every rule of ours back, and the chains of the port plugin once nobody uses them. */
  async close(): Promise<void> {
    for (const [table, chain, rule] of entryJumps(this.#facts)) {
      await runTool(["iptables", "-w", "-t", table, "-D", chain, ...rule]);
    }
    for (const table of tables) {
      const chains = [...(await this.#chainsOf(table))];
      if (chains.length === 0) continue;
      const lines = [...chains.map((name) => `:${name} - [0:0]`), ...chains.map((name) => `-X ${name}`)];
      await runTool(["iptables-restore", "-w", "--noflush"], { input: `*${table}\n${lines.join("\n")}\nCOMMIT\n` });
    }
    await removePluginChains(this.#facts.mark);
    await removePortPluginChains();
  }

  async #chainsOf(table: TableName): Promise<Set<string>> {
    const text = await runToolOrFail(["iptables-save", "-t", table]);
    const names = [...text.matchAll(/^:(\S+) /gmu)].map((match) => match[1] ?? "");
    return new Set(names.filter((name) => name.startsWith(`${this.#facts.mark}-`)));
  }
}

/** Of a pod whose namespace went before its network could be taken back: the bridge plugin then leaves its masquerading rule. */
async function removePluginChains(network: string): Promise<void> {
  const text = await runToolOrFail(["iptables-save", "-t", "nat"]);
  const own = text.split("\n").filter((line) => line.startsWith("-A ") && line.includes(`name: \\"${network}\\" id: `));
  const chains = new Set(own.map((line) => / -j (CNI-[0-9a-f]+|CNI-DN-[0-9a-f]+)$/u.exec(line)?.[1] ?? "").values());
  const gone = [...chains].filter((name) => name !== "");
  if (gone.length === 0) return;
  const leading = own.filter((line) => !/^-A CNI-(?:DN-)?[0-9a-f]+ /u.test(line));
  const input = [
    "*nat",
    ...gone.map((name) => `:${name} - [0:0]`),
    ...leading.map((line) => line.replace(/^-A/u, "-D")),
    ...gone.map((name) => `-X ${name}`),
    "COMMIT",
    "",
  ].join("\n");
  await runTool(["iptables-restore", "-w", "--noflush"], { input });
}

/** The port plugin leaves its three chains behind: they go when no port leads through them any more. */
async function removePortPluginChains(): Promise<void> {
  const text = await runToolOrFail(["iptables-save", "-t", "nat"]);
  if (!text.includes(":CNI-HOSTPORT-DNAT ") || text.includes("-A CNI-HOSTPORT-DNAT ")) return;
  const lines = text
    .split("\n")
    .filter((line) => /^-A (?:PREROUTING|OUTPUT|POSTROUTING) .*-j CNI-HOSTPORT-/u.test(line));
  const chains = [...text.matchAll(/^:(CNI-HOSTPORT-\S+) /gmu)].map((match) => match[1] ?? "");
  const input = [
    "*nat",
    ...chains.map((name) => `:${name} - [0:0]`),
    ...lines.map((line) => line.replace(/^-A/u, "-D")),
    ...chains.map((name) => `-X ${name}`),
    "COMMIT",
    "",
  ].join("\n");
  await runTool(["iptables-restore", "-w", "--noflush"], { input });
}

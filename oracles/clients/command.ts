import { parseArgs } from "node:util";
import { readClusterAccess } from "../diff/kubeconfig.ts";
import { ensureBinaries } from "../kubernetes/binaries.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { run } from "../machine/run.ts";
import { missingToolsLine } from "../machine/tools.ts";
import { missingBinaries } from "../kubernetes/binaries.ts";
import { formatMessages, speakMessages } from "./speak-messages.ts";
import { formatFollow, isFaultless, type FollowReport } from "./ledger.ts";
import { connectionLifetimeMs, followerTimeout } from "./limits.ts";

export const clientsHelp = `Informers of three libraries follow changes while their connections are cut, and may miss none and see none twice;
typed clients of client-go do everything in protocol buffers ("messages").

  npm run oracle -- clients --kubeconfig F [--changes N] [--library client-go|controller-runtime|client-node|messages]

  --changes N   how many (default: 10000)
  --library L   this one alone

Exit code 1 when a change was missed or came twice, or a client was not served. Without Go the Go libraries are skipped, which is said.
`;

const followers = ["client-go", "controller-runtime", "client-node"] as const;
const libraries = [...followers, "messages"] as const;
type Follower = (typeof followers)[number];

const options = {
  kubeconfig: { type: "string" },
  changes: { type: "string", default: "10000" },
  library: { type: "string" },
} as const;

export async function clientsCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const { kubeconfig, library } = values;
  const changes = Number(values.changes);
  if (kubeconfig === undefined) throw new OracleError("usage", "clients needs --kubeconfig");
  if (!Number.isInteger(changes) || changes <= 0)
    throw new OracleError("usage", `--changes takes a number, not ${values.changes}`);
  const chosen = libraries.filter((each) => library === undefined || each === library);
  if (chosen.length === 0) throw new OracleError("usage", `no library ${library}: there are ${libraries.join(", ")}`);
  let isWrong = false;
  for (const each of chosen) {
    if (each === "messages") {
      const report = await speakMessages(kubeconfig);
      process.stdout.write(`${typeof report === "string" ? `${each}: skipped: ${report}` : formatMessages(report)}\n`);
      isWrong ||= typeof report !== "string" && report.failures.length > 0;
      continue;
    }
    const report = await follow(each, kubeconfig, changes);
    process.stdout.write(`${typeof report === "string" ? `${each}: skipped: ${report}` : formatFollow(report)}\n`);
    isWrong ||= typeof report !== "string" && !isFaultless(report);
  }
  return isWrong ? 1 : 0;
}

/** A text is why it can't be done here. */
export async function follow(library: Follower, kubeconfig: string, changes: number): Promise<FollowReport | string> {
  if (library === "client-node") {
    const { followWithClientNode } = await import("./follow-with-client-node.ts");
    return followWithClientNode(readClusterAccess(kubeconfig), changes);
  }
  const noGo = missingBinaries(["follower"]).length > 0 ? missingToolsLine(["go"]) : undefined;
  if (noGo !== undefined) return noGo;
  const { follower } = await ensureBinaries(["follower"], { report: reportToTerminal });
  const wanted = ["--kubeconfig", kubeconfig, "--library", library, "--changes", String(changes)];
  const times = ["--cut-every", `${connectionLifetimeMs}ms`, "--timeout", followerTimeout];
  const { stdout, stderr } = await run([follower, ...wanted, ...times]);
  const line = stdout.trim();
  if (!line.startsWith("{")) throw new OracleError("command-failed", `follower: ${stderr.trim().slice(-400)}`);
  return JSON.parse(line) as FollowReport;
}

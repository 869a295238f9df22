import { ensureBinaries, missingBinaries } from "../kubernetes/binaries.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { run } from "../machine/run.ts";
import { missingToolsLine } from "../machine/tools.ts";

/** What typed clients of client-go say of a cluster that they speak to in protocol buffers. */
export interface MessagesReport {
  readonly checks: number;
  readonly failures: readonly string[];
  /** How many answers came in each content type. */
  readonly answers: Readonly<Record<string, number>>;
}

/** A text is why it can't be done here. */
export async function speakMessages(kubeconfig: string): Promise<MessagesReport | string> {
  const noGo = missingBinaries(["messages"]).length > 0 ? missingToolsLine(["go"]) : undefined;
  if (noGo !== undefined) return noGo;
  const { messages } = await ensureBinaries(["messages"], { report: reportToTerminal });
  return merged(await spoken([messages, "--kubeconfig", kubeconfig]), [
    await spoken([messages, "--kubeconfig", kubeconfig, "--without-gzip"]),
  ]);
}

async function spoken(argv: readonly string[]): Promise<MessagesReport> {
  const { stdout, stderr } = await run([...argv]);
  const line = stdout.trim();
  if (!line.startsWith("{")) throw new OracleError("command-failed", `messages: ${stderr.trim().slice(-400)}`);
  return JSON.parse(line) as MessagesReport;
}

function merged(first: MessagesReport, others: readonly MessagesReport[]): MessagesReport {
  const all = [first, ...others];
  const answers: Record<string, number> = {};
  for (const report of all)
    for (const [type, count] of Object.entries(report.answers)) answers[type] = (answers[type] ?? 0) + count;
  return {
    checks: all.reduce((sum, { checks }) => sum + checks, 0),
    failures: all.flatMap(({ failures }) => failures),
    answers,
  };
}

export function formatMessages({ checks, failures, answers }: MessagesReport): string {
  const inMessages = Object.entries(answers)
    .filter(([type]) => type.includes("protobuf"))
    .reduce((sum, [, count]) => sum + count, 0);
  const verdict = `messages: ${checks - failures.length} of ${checks} checks, ${inMessages} answers in protocol buffers`;
  return [verdict, ...failures.map((failure) => `  ${failure}`)].join("\n");
}

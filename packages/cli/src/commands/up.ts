import { table } from "../terminal/table.ts";
import type { Style } from "../terminal/style.ts";
import { CliError } from "../cli-error.ts";
import { defineCommand, type CommandContext, type CommandInput } from "../command/command.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { throughIngress } from "../up/addresses.ts";
import { followControl, stopControl } from "../up/control.ts";
import type { Finding } from "../up/elsewhere/preflight.ts";
import { upElsewhere } from "../up/elsewhere/up-elsewhere.ts";
import { withKnownFailures } from "../up/known-failures.ts";
import { ports } from "../up/limits.ts";
import { printDeployed } from "../up/print-deployed.ts";
import { isWell, type ServiceState } from "../up/service-state.ts";
import { upEmbedded, type Up } from "../up/up-embedded.ts";
import { chosenPlan, givenSecrets, platformOption } from "../up/up-options.ts";
import { environmentOf, openWorkspace, type Workspace } from "../up/workspace.ts";

const options = {
  ...platformOption,
  env: { type: "string", valueName: "ENV", summary: "the environment (the last one, or dev)" },
  secret: { type: "strings", valueName: "NAME/KEY=VALUE", summary: "a value for a secret, in place of one made up" },
  detach: { type: "boolean", short: "d", summary: "go on in the background; fairway down ends it" },
  runtime: {
    type: "string",
    valueName: "NAME",
    choices: ["process", "oci"],
    summary: "how containers run (oci where the machine has runc and CNI plugins, else process)",
  },
  "port-offset": {
    type: "integer",
    valueName: "N",
    min: 1 - ports.api,
    max: 65_535 - ports.ingress,
    summary: "added to the ports 6443 and 8080 (the last one)",
  },
  context: { type: "string", valueName: "CTX", summary: "a cluster of your kubeconfig, in place of the embedded one" },
  registry: { type: "string", valueName: "HOST/PATH", summary: "with --context: where its images come from" },
  "storage-class": {
    type: "string",
    valueName: "NAME",
    summary: "with --context: for PostgreSQL's data (the default class; none: it ends with its pod)",
  },
  database: {
    type: "string",
    valueName: "URL",
    summary: "with --context: a PostgreSQL that is there, as its administrator",
  },
} as const;

type UpInput = CommandInput<typeof options>["options"];

export const upCommand = defineCommand({
  summary: "Run the whole platform, on this machine or on a cluster",
  description:
    "Builds the images, starts PostgreSQL and an embedded Kubernetes cluster, applies the charts of one environment, and waits until every service is ready. It ends with Ctrl-C, or goes on in the background with --detach. A second `fairway up` brings what has changed.\n\nWith --context the same charts and images go to a cluster that others run. What it lacks is said before anything in it is changed.",
  positionals: [],
  options,
  examples: [
    { command: "fairway up", meaning: "Everything, until Ctrl-C" },
    { command: "fairway up --detach && fairway open", meaning: "In the background, and open it in the browser" },
    { command: "fairway up --port-offset 100", meaning: "A second platform beside the first" },
    { command: "fairway up --context kind --registry ghcr.io/acme/shop", meaning: "The same on another cluster" },
  ],
  async run(context, { options: given }) {
    const workspace = await openWorkspace(context.cwd, given.platform);
    requireFitting(given);
    return given.context === undefined
      ? upHere(context, workspace, given)
      : upThere(context, workspace, { ...given, context: given.context });
  },
});

const onlyHere = ["detach", "runtime", "port-offset"] as const;
const onlyThere = ["registry", "storage-class", "database"] as const;

function requireFitting(given: UpInput): void {
  const foreign = (given.context === undefined ? onlyThere : onlyHere).find(
    (name) => given[name] !== undefined && given[name] !== false,
  );
  if (foreign !== undefined) {
    const where = given.context === undefined ? "only with --context" : "not with --context";
    throw new CliError("bad-usage", `--${foreign} has a meaning ${where}`, { hint: "fairway up --help" });
  }
  if (given.context !== undefined && given.registry === undefined) {
    throw new CliError("bad-usage", "a cluster elsewhere pulls its images from a registry: name it with --registry", {
      hint: "--registry ghcr.io/acme/shop, after docker login",
    });
  }
}

async function upHere(context: CommandContext, workspace: Workspace, given: UpInput): Promise<ExitCode> {
  const { terminal, signal } = context;
  const wanted = { ...chosenPlan(workspace, given), secrets: givenSecrets(given.secret), signal };
  const began = performance.now();
  // What somebody else has started goes on, however this ends.
  let isOurs = false;
  const onControl = ({ wasRunning }: Up["control"]) => void (isOurs = !wasRunning);
  try {
    const up = await terminal.progress("bringing the platform up", (progress) =>
      withKnownFailures(() => upEmbedded(workspace, { ...wanted, progress, onControl })),
    );
    isOurs &&= !given.detach;
    printDeployed(terminal, up, { ...hereOptions(up, !isOurs), seconds: (performance.now() - began) / 1_000 });
    if (!isOurs) return verdictOf(up.services);
    await followControl(workspace, signal);
  } finally {
    if (isOurs) await terminal.progress("stopping the platform", () => stopControl(workspace));
  }
  return exitCode.ok;
}

function hereOptions({ control, images, tookMs }: Up, inBackground: boolean) {
  const { plan, api, kubeconfig = "", ingress = "", wasRunning } = control;
  const { platform, environment, runtime } = plan;
  const built = images.filter(({ cached }) => !cached).length;
  return {
    facts: { environment, runtime, api, kubeconfig, ingress, wasRunning, tookMs, built },
    what: `${platform} in ${environment}`,
    addressOf: throughIngress(ingress),
    hints: [
      `${inBackground ? "fairway down ends it" : "Ctrl-C ends it"} · fairway open shows it · fairway logs -f SERVICE · fairway status`,
      `export KUBECONFIG=${kubeconfig}`,
    ],
  };
}

async function upThere(
  { terminal, signal, env }: CommandContext,
  workspace: Workspace,
  given: UpInput & { readonly context: string },
): Promise<ExitCode> {
  const environment = environmentOf(workspace, given.env);
  const began = performance.now();
  const findings: Finding[] = [];
  const up = await terminal.progress(`bringing the platform to ${given.context}`, (progress) =>
    withKnownFailures(() =>
      upElsewhere(workspace, {
        environment,
        context: given.context,
        registry: given.registry ?? "",
        storageClass: given["storage-class"] ?? "default",
        database: given.database,
        secrets: givenSecrets(given.secret),
        env,
        signal,
        progress,
        onFindings: (found) => {
          findings.push(...found);
          terminal.note((style) => findingsTable(found, style));
        },
      }),
    ),
  );
  const { server, images, uploadedBytes, tookMs } = up;
  const digests = Object.fromEntries(images.map(({ service, digest }) => [service, digest]));
  printDeployed(terminal, up, {
    facts: { environment, context: given.context, server, findings, digests, uploadedBytes, tookMs },
    what: `${workspace.platform.metadata.name} in ${environment} on ${given.context}`,
    seconds: (performance.now() - began) / 1_000,
    hints: [
      `kubectl --context ${given.context} get pods --all-namespaces -l app.kubernetes.io/part-of=${workspace.platform.metadata.name}`,
    ],
  });
  return verdictOf(up.services);
}

function findingsTable(findings: readonly Finding[], style: Style): string {
  return table(
    findings.map(({ subject, verdict, found, whatToDo = "" }) => [
      verdict === "fits" ? style.good("fits") : verdict === "lacks" ? style.bad("lacks") : style.warning("differs"),
      subject,
      found,
      style.dim(whatToDo),
    ]),
  );
}

function verdictOf(services: readonly ServiceState[]): ExitCode {
  return services.every(isWell) ? exitCode.ok : exitCode.problemsFound;
}

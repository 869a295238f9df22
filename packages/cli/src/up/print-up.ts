import type { Terminal } from "../terminal/terminal.ts";
import type { Style } from "../terminal/style.ts";
import { throughIngress } from "./addresses.ts";
import { isWell, type ServiceState } from "./service-state.ts";
import { serviceTable } from "./service-table.ts";
import type { Up } from "./up-embedded.ts";

export interface PrintUpOptions {
  readonly seconds: number;
  /** The platform goes on when the command has ended. */
  readonly inBackground: boolean;
}

/** What `up` says in the end: the services, what is wrong with some, and what can be done now. */
export function printUp(terminal: Terminal, up: Up, { seconds, inBackground }: PrintUpOptions): void {
  const { control, images, services, failures, tookMs } = up;
  const { plan, api, kubeconfig, ingress = "", wasRunning } = control;
  const { environment, runtime } = plan;
  const built = images.filter(({ cached }) => !cached).length;
  terminal.print(
    { environment, runtime, api, kubeconfig, ingress, wasRunning, seconds, tookMs, built, services, failures },
    (style) =>
      [
        serviceTable(services, style, throughIngress(ingress)),
        "",
        ...failures.flatMap((failure) => failureText(failure, style)),
        verdict(services, `${plan.platform} in ${environment}`, { style, seconds }),
        hints({ style, inBackground, kubeconfig: kubeconfig ?? "" }),
      ].join("\n"),
  );
}

function failureText(failure: Up["failures"][number], style: Style): readonly string[] {
  const lines = failure.log === "" ? [] : failure.log.split("\n").map((line) => style.dim(`  ${line}`));
  return [`${style.bad(failure.service)}: ${failure.reason}`, ...lines, ""];
}

function verdict(
  services: readonly ServiceState[],
  what: string,
  { style, seconds }: { readonly style: Style; readonly seconds: number },
): string {
  const well = services.filter(isWell).length;
  const took = `after ${seconds.toFixed(1)} s`;
  if (well === services.length) return style.good(`${what}: ${well} services are healthy ${took}`);
  const unwell = `${what}: ${services.length - well} of ${services.length} services are not healthy ${took}`;
  return `${style.bad(unwell)}\n${style.dim("mend what is wrong and run fairway up again; fairway logs SERVICE shows more")}`;
}

function hints(options: {
  readonly style: Style;
  readonly inBackground: boolean;
  readonly kubeconfig: string;
}): string {
  const { style, inBackground, kubeconfig } = options;
  const end = inBackground ? "fairway down ends it" : "Ctrl-C ends it";
  return [
    style.dim(`${end} · fairway open shows it · fairway logs -f SERVICE · fairway status`),
    style.dim(`export KUBECONFIG=${kubeconfig}`),
  ].join("\n");
}

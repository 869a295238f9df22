import { table } from "../terminal/table.ts";
import type { Style } from "../terminal/style.ts";
import type { ServiceState } from "./service-state.ts";

/** The services as people look at them: a line each, and below it what is wrong. */
export function serviceTable(services: readonly ServiceState[], style: Style, addressOf = asIs): string {
  const rows = services.map(({ service, version, health, ready, wanted, addresses, reason }) => [
    style.bold(service),
    version,
    paint(health, style),
    `${ready}/${wanted}`,
    health === "healthy" || reason === undefined ? addresses.map(addressOf).join(" ") : style.dim(shortened(reason)),
  ]);
  const head = ["SERVICE", "VERSION", "HEALTH", "READY", "ADDRESS"].map((each) => style.dim(each));
  return table([head, ...rows]);
}

/** All of it comes below the table. */
function shortened(reason: string): string {
  const [line = ""] = reason.split("\n", 1);
  return line.length > reasonCharacters ? `${line.slice(0, reasonCharacters - 3)}...` : line;
}

const reasonCharacters = 60;

function asIs(address: string): string {
  return address;
}

function paint(health: ServiceState["health"], style: Style): string {
  switch (health) {
    case "healthy":
      return style.good(health);
    case "starting":
      return style.accent(health);
    case "stopped":
      return style.dim(health);
    case "failing":
    case "missing":
      return style.bad(health);
  }
}

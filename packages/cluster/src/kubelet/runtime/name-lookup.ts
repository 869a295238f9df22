import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface NameLookup {
  /** Cluster DNS as it is reached from here. */
  readonly address: string;
  readonly port: number;
  readonly domain: string;
  /** Of the pod, whose services need no further name. */
  readonly namespace: string;
}

/**
 * A child process shares the machine's resolv.conf, and no C library asks another one. Node.js programs do: what is loaded before them looks up
 * the cluster's names at cluster DNS, as patiently as C libraries do, and everything else as ever.
 */
const program = `"use strict";
const dns = require("node:dns");
const [address, port, domain, namespace] = (process.env.FAIRWAY_DNS ?? "").split(" ");
if (address) {
  const resolver = new dns.Resolver({ timeout: 5000, tries: 2 });
  resolver.setServers([address + ":" + port]);
  const plain = dns.lookup;
  const fullNames = (host) => {
    const name = host.replace(/\\.$/, "").toLowerCase();
    if (name.endsWith("." + domain)) return [name];
    const parts = name.split(".").length;
    if (name === "localhost" || name.includes(":") || /^[\\d.]+$/.test(name)) return [];
    if (parts === 1) return [name + "." + namespace + ".svc." + domain];
    if (name.endsWith(".svc")) return [name + "." + domain];
    return [name + "." + namespace + ".svc." + domain, name + ".svc." + domain];
  };
  const ask = (names, done) => {
    const [first, ...rest] = names;
    if (first === undefined) return done(undefined);
    resolver.resolve4(first, (error, found) => (error || found.length === 0 ? ask(rest, done) : done(found)));
  };
  dns.lookup = (host, options, callback) => {
    const done = typeof options === "function" ? options : callback;
    const given = typeof options === "number" ? { family: options } : typeof options === "object" && options ? options : {};
    const names = typeof host === "string" && given.family !== 6 ? fullNames(host) : [];
    if (names.length === 0) return plain(host, options, callback);
    ask(names, (found) => {
      if (found === undefined) return plain(host, options, callback);
      if (given.all) done(null, found.map((each) => ({ address: each, family: 4 })));
      else done(null, found[0], 4);
    });
  };
  dns.promises.lookup = (host, options = {}) =>
    new Promise((resolve, reject) => {
      dns.lookup(host, options, (error, found, family) => {
        if (error) reject(error);
        else resolve(Array.isArray(found) ? found : { address: found, family });
      });
    });
}
`;

/** Writes the program down and answers the variables that bring it into every Node.js program of a container, beside the options it has. */
export function nameLookupVariables(
  folder: string,
  lookup: NameLookup,
  options = "",
): Readonly<Record<string, string>> {
  const path = join(folder, "name-lookup.cjs");
  writeFileSync(path, program, { mode: 0o644 });
  const { address, port, domain, namespace } = lookup;
  return {
    NODE_OPTIONS: `--require=${JSON.stringify(path)} ${options}`.trim(),
    FAIRWAY_DNS: `${address} ${port} ${domain} ${namespace}`,
  };
}

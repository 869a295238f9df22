import { spawn } from "node:child_process";
import { closeSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { apiServerReadyMs } from "../machine/limits.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { findFreePorts, requireFreePort } from "../machine/ports.ts";
import { identify, isAlive } from "../machine/process-identity.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { connect } from "./api-client.ts";
import type { ApiClient } from "./api-client.ts";
import { identityVariable, writeState } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./components.ts";
import type { Component, ControlPlane } from "./components.ts";
import { kubeconfigFile, makeCredentials } from "./credentials.ts";
import { logTail, openLog } from "./logs.ts";

export interface ControlPlaneOptions {
  readonly folder: string;
  readonly id: string;
  readonly binaries: { readonly etcd: string; readonly kubernetes: string };
  /** A free port when left out. */
  readonly port?: number | undefined;
  readonly controllers: boolean;
  readonly durable: boolean;
}

/** etcd and the API server (and the controllers, when asked for) as processes on loopback: needs no root. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ClusterState> {
  const { folder } = options;
  if (options.port !== undefined) await requireFreePort(options.port);
  const [etcdPort = 0, etcdPeer = 0, anyPort = 0] = await findFreePorts(3);
  const api = options.port ?? anyPort;
  const plane: ControlPlane = {
    folder,
    binaries: options.binaries,
    bindAddress: "127.0.0.1",
    advertiseAddress: "127.0.0.1",
    etcdHost: "127.0.0.1",
    ports: { api, etcd: etcdPort, etcdPeer },
    durable: options.durable,
    withKubelet: false,
  };
  let state: ClusterState = {
    version: 1,
    id: options.id,
    kind: "api-only",
    phase: "starting",
    server: `https://127.0.0.1:${api}`,
    kubeconfig: kubeconfigFile(folder),
    processes: [],
  };
  writeState(folder, state);
  mkdirSync(join(folder, "logs"), { recursive: true });
  const start = (component: Component): void => {
    state = { ...state, processes: [...state.processes, startDetached(component, folder, options.id)] };
    writeState(folder, state);
  };
  start(etcd(plane));
  const access = await makeCredentials(folder, { address: "127.0.0.1", port: api, nodes: [] });
  start(apiServer(plane));
  const client = connect(access);
  try {
    await waitForApiServer(client, { folder, ended: () => state.processes.find((each) => !isAlive(each))?.name });
    if (options.controllers) {
      start(controllerManager(plane));
      start(scheduler(plane));
      await waitForDefaultAccount(client, folder);
    }
  } finally {
    client.close();
  }
  state = { ...state, phase: "ready" };
  writeState(folder, state);
  return state;
}

function startDetached(component: Component, folder: string, id: string): ProcessIdentity {
  const [program = "", ...args] = component.command;
  const log = openLog(folder, component.name);
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"], [identityVariable]: id },
  });
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(component.name, child.pid);
  if (identity !== undefined) return identity;
  throw new OracleError("start-failed", `${component.name} ended at once:\n${logTail(folder, component.name)}`);
}

/** Waits for /readyz; tells at once when a component has ended meanwhile. */
export async function waitForApiServer(
  client: ApiClient,
  watch: { readonly folder: string; readonly ended: () => string | undefined },
): Promise<void> {
  const endedReason = (): string | undefined => {
    const name = watch.ended();
    return name === undefined ? undefined : `${name} ended:\n${logTail(watch.folder, name)}`;
  };
  await waitUntil(async () => (await client.send("GET", "/readyz")).status === 200, {
    what: "the API server's readiness",
    timeoutMs: apiServerReadyMs,
    hopeless: endedReason,
    detail: () => logTail(watch.folder, "kube-apiserver"),
  });
}

/** The controllers work once the default namespace has its service account: pods are refused before. */
export async function waitForDefaultAccount(client: ApiClient, folder: string): Promise<void> {
  const path = "/api/v1/namespaces/default/serviceaccounts/default";
  await waitUntil(async () => (await client.send("GET", path)).status === 200, {
    what: "the default service account",
    timeoutMs: apiServerReadyMs,
    detail: () => logTail(folder, "kube-controller-manager"),
  });
}

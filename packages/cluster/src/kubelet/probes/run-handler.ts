import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { messageOf } from "../kubelet-error.ts";
import { execCaptureBytesMax, probeOutputBytesMax } from "../limits.ts";
import type { Container, Handler, HttpGet } from "../pods/pod.ts";
import type { RunningContainer } from "../runtime/runtime.ts";
import { checkGrpcHealth } from "./grpc-health.ts";

/** How a probe or a hook went. `output` is what an event shows. */
export interface HandlerResult {
  readonly ok: boolean;
  readonly output: string;
  /** It could not be found out: neither a success nor a failure. */
  readonly isUnknown?: boolean;
}

export interface HandlerTarget {
  readonly container: Container;
  readonly running: RunningContainer;
  readonly address: string;
  readonly timeoutMs: number;
  /** Sent as the user agent, as the kubelet does. */
  readonly agent: string;
}

export async function runHandler(handler: Handler, target: HandlerTarget): Promise<HandlerResult> {
  if (handler.exec !== undefined) return runCommand(handler.exec.command ?? [], target);
  if (handler.httpGet !== undefined) return getHttp(handler.httpGet, target);
  if (handler.tcpSocket !== undefined) {
    const port = portNumber(handler.tcpSocket.port, target.container);
    if (port === undefined) return noPort(handler.tcpSocket.port);
    return connectTcp(port, handler.tcpSocket.host ?? target.address, target.timeoutMs);
  }
  if (handler.grpc !== undefined) {
    const { port, service = "" } = handler.grpc;
    return checkGrpcHealth({ address: target.address, port, service, timeoutMs: target.timeoutMs });
  }
  if (handler.sleep !== undefined) {
    const ms = Math.min(handler.sleep.seconds * 1000, target.timeoutMs);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), target.running.exited]);
    return { ok: true, output: "" };
  }
  return { ok: true, output: "" };
}

/** A port by number or by the name that the container gives it. */
function portNumber(port: number | string, container: Container): number | undefined {
  if (typeof port === "number") return port;
  return container.ports?.find((each) => each.name === port)?.containerPort;
}

/** In the words of Go, which takes a name that nobody gave for a number. */
function noPort(port: number | string): HandlerResult {
  const output = `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
  return { ok: false, isUnknown: true, output };
}

async function runCommand(command: readonly string[], target: HandlerTarget): Promise<HandlerResult> {
  const session = await target.running.exec({ command, tty: false, stdin: false });
  let output = Buffer.alloc(0);
  const collect = (bytes: Buffer): void => {
    if (output.length < execCaptureBytesMax) output = Buffer.concat([output, bytes]).subarray(0, execCaptureBytesMax);
  };
  session.stdout.on("data", collect);
  session.stderr?.on("data", collect);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), target.timeoutMs);
  });
  const result = await Promise.race([session.exited, timeout]);
  clearTimeout(timer);
  if (result === "timeout") {
    session.kill();
    const seconds = target.timeoutMs / 1000;
    return { ok: false, output: `command timed out: ${JSON.stringify(command.join(" "))} timed out after ${seconds}s` };
  }
  await ended(session.stdout);
  if (result.failure !== undefined) return { ok: false, isUnknown: true, output: execFailure(result.failure) };
  return { ok: result.code === 0, output: output.toString("utf8").slice(0, probeOutputBytesMax) };
}

/** As a kubelet tells of a command that its container engine could not begin. */
function execFailure(why: string): string {
  const id = randomBytes(32).toString("hex");
  return `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: ${why}: unknown`;
}

async function ended(
  stream: NodeJS.ReadableStream & { readonly readableEnded?: boolean; readonly destroyed?: boolean },
): Promise<void> {
  if (stream.readableEnded === true || stream.destroyed === true) return;
  await new Promise<void>((resolve) => {
    // A grandchild may hold the pipe open for ever.
    const timer = setTimeout(resolve, 100);
    stream.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function getHttp(get: HttpGet, target: HandlerTarget): Promise<HandlerResult> {
  const port = portNumber(get.port, target.container);
  if (port === undefined) return noPort(get.port);
  const scheme = (get.scheme ?? "HTTP").toLowerCase();
  const given = get.path ?? "/";
  const path = given.startsWith("/") ? given : `/${given}`;
  const host = get.host === undefined || get.host === "" ? target.address : get.host;
  const headers: Record<string, string | string[]> = { "user-agent": target.agent, accept: "*/*", connection: "close" };
  for (const { name, value } of get.httpHeaders ?? []) {
    const known = headers[name.toLowerCase()];
    const own = (get.httpHeaders ?? []).filter((each) => each.name.toLowerCase() === name.toLowerCase());
    headers[name.toLowerCase()] = own.length > 1 && known !== undefined ? own.map((each) => each.value) : value;
  }
  const url = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}${path}`;
  return new Promise((resolve) => {
    const send = scheme === "https" ? httpsRequest : httpRequest;
    const fail = (why: string): void => resolve({ ok: false, output: `Get "${url}": ${why}` });
    const request = send(
      { host, port, path, headers, method: "GET", agent: false, rejectUnauthorized: false },
      (answer) => {
        let body = Buffer.alloc(0);
        answer.on("data", (bytes: Buffer) => {
          if (body.length < probeOutputBytesMax) body = Buffer.concat([body, bytes]);
        });
        const done = (): void => {
          clearTimeout(timer);
          const status = answer.statusCode ?? 0;
          const ok = status >= 200 && status < 400;
          const output = ok
            ? body.toString("utf8").slice(0, probeOutputBytesMax)
            : `HTTP probe failed with statuscode: ${status}`;
          resolve({ ok, output });
        };
        answer.on("end", done);
        answer.on("error", done);
      },
    );
    const timer = setTimeout(() => {
      fail("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
      request.destroy();
    }, target.timeoutMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      fail(dialFailure(error, host, port));
    });
    request.end();
  });
}

async function connectTcp(port: number, host: string, timeoutMs: number): Promise<HandlerResult> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const done = (ok: boolean, output: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ok, output });
    };
    const timer = setTimeout(() => done(false, `dial tcp ${host}:${port}: i/o timeout`), timeoutMs);
    socket.once("connect", () => done(true, ""));
    socket.once("error", (error) => done(false, dialFailure(error, host, port)));
  });
}

/** The words in which Go reports the usual failures: people search for them. */
export function dialFailure(error: unknown, host: string, port: number): string {
  const message = messageOf(error);
  if (message.includes("ECONNREFUSED")) return `dial tcp ${host}:${port}: connect: connection refused`;
  if (message.includes("ECONNRESET")) return `read tcp ${host}:${port}: read: connection reset by peer`;
  if (message.includes("wrong version number")) return "http: server gave HTTP response to HTTPS client";
  if (message.includes("EHOSTUNREACH")) return `dial tcp ${host}:${port}: connect: no route to host`;
  return message.includes("socket hang up") ? "EOF" : message;
}

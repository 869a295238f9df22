import { connect } from "node:http2";
import { messageOf } from "../kubelet-error.ts";
import type { HandlerResult } from "./run-handler.ts";

export interface GrpcHealthRequest {
  readonly address: string;
  readonly port: number;
  readonly service: string;
  readonly timeoutMs: number;
}

const serving = 1;
const statusNames = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** One call of the gRPC health checking protocol, without TLS, as the kubelet makes it. */
export async function checkGrpcHealth(request: GrpcHealthRequest): Promise<HandlerResult> {
  const target = `${request.address}:${request.port}`;
  return new Promise((resolve) => {
    const session = connect(`http://${target}`);
    const finish = (ok: boolean, output: string): void => {
      clearTimeout(timer);
      session.destroy();
      resolve({ ok, output });
    };
    // Who can't connect tries until the time is over, and says so: here it is said at once.
    const within = `within ${request.timeoutMs / 1000}s: context deadline exceeded`;
    const unreachable = `timeout: failed to connect service "${target}" ${within}`;
    const timer = setTimeout(() => finish(false, unreachable), request.timeoutMs);
    session.on("error", () => finish(false, unreachable));
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const pieces: Buffer[] = [];
    let status = "";
    stream.on("response", (headers) => (status = String(headers["grpc-status"] ?? "")));
    stream.on("trailers", (headers) => (status = String(headers["grpc-status"] ?? status)));
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("error", (error) => {
      const text = messageOf(error);
      finish(false, text.includes("caused by: connect ") ? unreachable : `error: health rpc failed: ${text}`);
    });
    stream.on("end", () => {
      if (status === "12")
        finish(false, "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)");
      else if (status !== "0") finish(false, `error: health rpc failed: status ${status}`);
      else finish(...verdict(Buffer.concat(pieces)));
    });
    stream.end(frame(encodeService(request.service)));
  });
}

/** `HealthCheckRequest { string service = 1; }` */
function encodeService(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** `HealthCheckResponse { ServingStatus status = 1; }`, a small number that is left out when it is 0. */
function verdict(answer: Buffer): [boolean, string] {
  const status = answer.length >= 7 && answer[5] === 0x08 ? (answer[6] ?? 0) : 0;
  if (status === serving) return [true, "service healthy"];
  return [false, `service unhealthy (responded with "${statusNames[status] ?? "UNKNOWN"}")`];
}

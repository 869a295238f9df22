import { durationMs, type Service } from "@fairway/spec";
import { nothing, template, type Lines } from "../text/lines.ts";

/** Whoever answers no requests over HTTP is asked over gRPC, or whether the port is open; without a port not at all. */
export function probes({ spec }: Service): Lines {
  const { startup, liveness, readiness } = spec.probes;
  const first = spec.ports.find(({ protocol }) => protocol === "TCP");
  if (!spec.http && !first) return nothing;
  const question = (path: string): Lines => {
    if (!spec.http) return tcpQuestion(first?.name ?? "");
    return spec.http.protocol === "grpc" ? grpcQuestion(spec.http.port) : httpQuestion(path);
  };
  return template`
    startupProbe:
      ${question(startup.path)}
      ${rhythm(startup)}
    livenessProbe:
      ${question(liveness.path)}
      ${rhythm(liveness)}
    readinessProbe:
      ${question(readiness.path)}
      ${rhythm(readiness)}
  `;
}

function rhythm({ period, timeout, failures }: Service["spec"]["probes"]["startup"]): Lines {
  return template`
    periodSeconds: ${durationMs(period) / 1_000}
    timeoutSeconds: ${durationMs(timeout) / 1_000}
    failureThreshold: ${failures}
  `;
}

function httpQuestion(path: string): Lines {
  return template`
    httpGet:
      path: ${path}
      port: http
  `;
}

function grpcQuestion(port: number): Lines {
  return template`
    grpc:
      port: ${port}
  `;
}

function tcpQuestion(name: string): Lines {
  return template`
    tcpSocket:
      port: ${name}
  `;
}

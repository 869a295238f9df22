import { durationMs } from "@fairway/spec";
import { secretName, urlVariable } from "../naming.ts";
import { hasEvents } from "../secrets.ts";
import { nothing, template, type Lines } from "../text/lines.ts";
import { templateNamespace, type ChartSubject } from "./chart-subject.ts";

/** What the container finds in its environment: who it is, whom it calls, its stores, its secrets, and what service.yaml says. */
export function environmentVariables(subject: ChartSubject): Lines {
  const { spec } = subject.service;
  const stores = [
    ...(spec.needs.postgres ? [storeVariable(subject, "DATABASE_URL", "postgres")] : []),
    ...(hasEvents(subject.service) ? [storeVariable(subject, "EVENTS_URL", "events")] : []),
    ...(spec.needs.cache ? [cacheVariable(subject)] : []),
  ];
  const given = givenNames(subject);
  const literals = [
    ...(spec.http ? [literal("PORT", String(spec.http.port))] : []),
    ...(given.has("SHUTDOWN_SECONDS") ? [] : [literal("SHUTDOWN_SECONDS", String(shutdownSeconds(subject)))]),
    ...urlVariables(subject),
  ];
  return template`
    env:
      ${given.has("SERVICE_VERSION") ? nothing : versionVariable}
      ${literals}
      ${stores}
      ${secretVariables(subject)}
      {{- range $name, $value := .Values.env }}
      - name: {{ $name | quote }}
        value: {{ $value | quote }}
      {{- end }}
  `;
}

export function shutdownSeconds({ service }: ChartSubject): number {
  return Math.round(durationMs(service.spec.shutdown) / 1_000);
}

const versionVariable = template`
  {{- with .Values.image.version }}
  - name: SERVICE_VERSION
    value: {{ . | quote }}
  {{- end }}
`;

function literal(name: string, value: string): Lines {
  return template`
    - name: ${name}
      value: ${value}
  `;
}

/** Where the services are that it calls. What service.yaml itself sets stays with it: a name must not be there twice. */
function urlVariables(subject: ChartSubject): readonly Lines[] {
  const given = givenNames(subject);
  const isApart = subject.platform.spec.namespaces === "per-service";
  return subject.called.flatMap(({ metadata: { name }, spec }) => {
    const variable = urlVariable(name, subject.service.spec.needs.calls);
    if (given.has(variable)) return [];
    const host = isApart ? `${name}.${templateNamespace(subject, name)}` : name;
    return [{ lines: [`- name: ${variable}`, `  value: http://${host}:${spec.http?.port ?? 80}`] }];
  });
}

/** Names that service.yaml gives a value to, here or in an environment. */
function givenNames({ service: { spec } }: ChartSubject): ReadonlySet<string> {
  const environments = Object.values(spec.environments).flatMap(({ env = {} }) => Object.keys(env));
  return new Set([
    ...Object.keys(spec.env),
    ...environments,
    ...spec.needs.secrets.flatMap(({ env }) => Object.keys(env)),
  ]);
}

function storeVariable({ name }: ChartSubject, variable: string, purpose: string): Lines {
  return secretVariable(variable, secretName(name, purpose), "url");
}

/** A service must be able to do without its cache, so that it starts without one too. */
function cacheVariable({ name }: ChartSubject): Lines {
  return template`
    - name: CACHE_URL
      valueFrom:
        secretKeyRef:
          name: ${secretName(name, "cache")}
          key: url
          optional: true
  `;
}

function secretVariables({ name, service }: ChartSubject): readonly Lines[] {
  return service.spec.needs.secrets.flatMap((secret) =>
    Object.entries(secret.env).map(([variable, key]) => secretVariable(variable, secretName(name, secret.name), key)),
  );
}

function secretVariable(variable: string, secret: string, key: string): Lines {
  return template`
    - name: ${variable}
      valueFrom:
        secretKeyRef:
          name: ${secret}
          key: ${key}
  `;
}

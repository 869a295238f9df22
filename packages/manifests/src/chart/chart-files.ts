import { fileText, type Lines, yaml } from "../text/lines.ts";
import { autoscalerFile, disruptionBudgetFile, roleFiles, serviceAccountFile } from "./availability.ts";
import { portsOf, type ChartSubject } from "./chart-subject.ts";
import { deploymentFile } from "./deployment.ts";
import { ingressFile } from "./ingress.ts";
import { helpersFile } from "./metadata.ts";
import { networkPolicyFile } from "./network-policy.ts";
import { serviceFile } from "./service.ts";
import { valuesSchemaText } from "./values-schema.ts";
import { valuesFile } from "./values.ts";
import { volumeClaimFiles } from "./volume-claims.ts";

/** The Helm chart of a service, by path in its folder. */
export function chartFiles(subject: ChartSubject): readonly (readonly [path: string, text: string])[] {
  const { service } = subject;
  const claims = volumeClaimFiles(subject);
  const templates: [string, Lines][] = [
    ["_helpers.tpl", helpersFile(subject)],
    ["deployment.yaml", deploymentFile(subject)],
    ...(portsOf(service).length > 0 ? [["service.yaml", serviceFile(subject)] as [string, Lines]] : []),
    ["horizontal-pod-autoscaler.yaml", autoscalerFile(subject)],
    ["pod-disruption-budget.yaml", disruptionBudgetFile(subject)],
    ["service-account.yaml", serviceAccountFile(subject)],
    ...roleFiles(subject),
    ["network-policy.yaml", networkPolicyFile(subject)],
    ...((service.spec.http?.public.length ?? 0) > 0 ? [["ingress.yaml", ingressFile(subject)] as [string, Lines]] : []),
    ...(claims.length > 0 ? [["persistent-volume-claims.yaml", documents(claims)] as [string, Lines]] : []),
  ];
  return [
    ["Chart.yaml", fileText(chartMetadata(subject))],
    ["values.yaml", fileText(valuesFile(subject))],
    ["values.schema.json", valuesSchemaText],
    ...templates.map(([name, lines]) => [`templates/${name}`, fileText(lines)] as const),
  ];
}

export function documents(each: readonly Lines[]): Lines {
  return { lines: each.flatMap(({ lines }, index) => (index === 0 ? lines : ["---", ...lines])) };
}

function chartMetadata({ name, platform, service }: ChartSubject): Lines {
  const { description = `The service ${name} of ${platform.metadata.name}`, owner } = service.metadata;
  return yaml`
    apiVersion: v2
    name: ${name}
    description: ${description}
    type: application
    version: 1.0.0
    kubeVersion: ">=1.30.0-0"
    maintainers:
      - name: ${owner}
  `;
}

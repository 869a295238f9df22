import { template, type Lines } from "../text/lines.ts";
import type { ChartSubject } from "./chart-subject.ts";
import { metadata } from "./metadata.ts";

/** A disk of one node is enough for a service that is never more than one pod; several share a network folder. */
export function isKeptByOnePod({ platform, service: { spec } }: ChartSubject): boolean {
  const replicas = platform.spec.environments.map((environment) => environment.replicas ?? 1);
  const most = Object.values(spec.environments).map(({ scale }) => scale?.max ?? 1);
  return spec.needs.volumes.length > 0 && Math.max(spec.scale.max, ...replicas, ...most) === 1;
}

export function volumeClaimFiles(subject: ChartSubject): readonly Lines[] {
  const { name, service } = subject;
  const accessMode = isKeptByOnePod(subject) ? "ReadWriteOnce" : "ReadWriteMany";
  // Who removes the service does not mean to remove what it kept.
  const annotations = { entries: template`helm.sh/resource-policy: keep` };
  return service.spec.needs.volumes.map(
    (volume) => template`
      apiVersion: v1
      kind: PersistentVolumeClaim
      ${metadata(subject, { name: `${name}-${volume.name}`, annotations })}
      spec:
        accessModes:
          - ${accessMode}
        resources:
          requests:
            storage: ${volume.size}
    `,
  );
}

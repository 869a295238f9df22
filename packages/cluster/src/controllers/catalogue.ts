import type { Controller, ControllerContext } from "../loop/index.ts";
import { autoscalerController } from "./autoscaler/autoscaler.ts";
import { certificateCleaner, certificateSigningController } from "./certificates/signing.ts";
import { roleAggregationController } from "./cluster-role/aggregation.ts";
import { cronJobController } from "./cron-job/cron-job.ts";
import { daemonSetController } from "./daemon-set/daemon-set.ts";
import { deploymentController } from "./deployment/deployment.ts";
import { disruptionController } from "./disruption/disruption.ts";
import { staleDisruptionController } from "./disruption/stale-disruption.ts";
import { garbageCollector } from "./garbage-collector/garbage-collector.ts";
import { finishedJobsController } from "./job/finished-jobs.ts";
import { jobController } from "./job/job.ts";
import { namespaceController } from "./namespace/namespace.ts";
import { rootCertificatesController } from "./namespace/root-certificates.ts";
import { serviceAccountController } from "./namespace/service-account.ts";
import { tokenSecretController } from "./namespace/token-secret.ts";
import { nodeLifecycleController } from "./node/node-lifecycle.ts";
import { podCollector } from "./node/pod-collector.ts";
import { taintEvictionController } from "./node/taint-eviction.ts";
import { policyStatusController } from "./policies/policy-status.ts";
import { quotaController } from "./quota/quota.ts";
import { replicaSetController, replicationController } from "./replica-set/replica-set.ts";
import { resourceClaimController } from "./resource-claim/resource-claim.ts";
import { endpointSliceController } from "./service/endpoint-slice.ts";
import { endpointsController } from "./service/endpoints.ts";
import { mirroredSlicesController } from "./service/mirrored-slices.ts";
import { statefulSetController } from "./stateful-set/stateful-set.ts";
import { ephemeralClaimsController } from "./volumes/ephemeral-claims.ts";
import { storageClassController } from "./volumes/storage-classes.ts";
import { volumeBinder } from "./volumes/volume-binder.ts";
import {
  attributesClassProtectionController,
  claimProtectionController,
  volumeProtectionController,
} from "./volumes/volume-protection.ts";

/** All controllers there are. A new one is a folder beside these and a line here. */
export const controllerCatalogue: readonly ((context: ControllerContext) => Controller)[] = [
  // Workloads
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController,
  jobController,
  cronJobController,
  finishedJobsController,
  autoscalerController,
  disruptionController,
  staleDisruptionController,
  // Services
  endpointSliceController,
  endpointsController,
  mirroredSlicesController,
  // Nodes
  nodeLifecycleController,
  taintEvictionController,
  podCollector,
  // Volumes
  storageClassController,
  volumeBinder,
  ephemeralClaimsController,
  claimProtectionController,
  volumeProtectionController,
  attributesClassProtectionController,
  // Devices
  resourceClaimController,
  // What every namespace and object needs
  namespaceController,
  serviceAccountController,
  rootCertificatesController,
  tokenSecretController,
  quotaController,
  garbageCollector,
  // Access
  roleAggregationController,
  certificateSigningController,
  certificateCleaner,
  policyStatusController,
];

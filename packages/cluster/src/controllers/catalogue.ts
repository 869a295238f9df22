import type { Controller, ControllerContext } from "../loop/index.ts";
import { daemonSetController } from "./daemon-set/daemon-set.ts";
import { deploymentController } from "./deployment/deployment.ts";
import { garbageCollector } from "./garbage-collector/garbage-collector.ts";
import { jobController } from "./job/job.ts";
import { namespaceController } from "./namespace/namespace.ts";
import { rootCertificatesController } from "./namespace/root-certificates.ts";
import { serviceAccountController } from "./namespace/service-account.ts";
import { replicaSetController, replicationController } from "./replica-set/replica-set.ts";
import { endpointSliceController } from "./service/endpoint-slice.ts";
import { endpointsController } from "./service/endpoints.ts";
import { statefulSetController } from "./stateful-set/stateful-set.ts";

import { cronJobController } from "./cron-job/cron-job.ts";
import { disruptionController } from "./disruption/disruption.ts";
import { staleDisruptionController } from "./disruption/stale-disruption.ts";
import { finishedJobsController } from "./job/finished-jobs.ts";
import { nodeLifecycleController } from "./node/node-lifecycle.ts";
import { podCollector } from "./node/pod-collector.ts";
import { taintEvictionController } from "./node/taint-eviction.ts";
import { quotaController } from "./quota/quota.ts";
import { mirroredSlicesController } from "./service/mirrored-slices.ts";
import { ephemeralClaimsController } from "./volumes/ephemeral-claims.ts";
import { storageClassController } from "./volumes/storage-classes.ts";
import { volumeBinder } from "./volumes/volume-binder.ts";
import { claimProtectionController, volumeProtectionController } from "./volumes/volume-protection.ts";
import { roleAggregationController } from "./cluster-role/aggregation.ts";
import { certificateCleaner, certificateSigningController } from "./certificates/signing.ts";
import { tokenSecretController } from "./namespace/token-secret.ts";
import { autoscalerController } from "./autoscaler/autoscaler.ts";

/** All controllers there are. A new one is a folder beside these and a line here. */
export const controllerCatalogue: readonly ((context: ControllerContext) => Controller)[] = [
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController,
  jobController,
  garbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificatesController,
  endpointSliceController,
  endpointsController,
  cronJobController,
  disruptionController,
  staleDisruptionController,
  finishedJobsController,
  nodeLifecycleController,
  podCollector,
  taintEvictionController,
  quotaController,
  mirroredSlicesController,
  ephemeralClaimsController,
  storageClassController,
  volumeBinder,
  claimProtectionController,
  volumeProtectionController,
  roleAggregationController,
  certificateSigningController,
  certificateCleaner,
  tokenSecretController,
  autoscalerController,
];

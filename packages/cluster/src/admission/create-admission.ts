import type { RbacAuthorizer } from "../access/rbac/authorizer.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import type { Store } from "../store/store.ts";
import type { Admission } from "./admission.ts";
import { validateConfiguration } from "./configuration/validate-configuration.ts";
import { limitRanger } from "./limits/limit-ranger.ts";
import { validatingPolicies } from "./policies/validating-policies.ts";
import { Ledger } from "./quota/ledger.ts";
import { resourceQuota } from "./quota/resource-quota.ts";
import { certificateAdmission } from "./steps/certificates.ts";
import { defaultIngressClass } from "./steps/ingress-class.ts";
import { namespaceLifecycle } from "./steps/namespace-lifecycle.ts";
import { nodeRestriction } from "./steps/node-restriction.ts";
import { defaultTolerationSeconds, podTopologyLabels, taintNodesByCondition } from "./steps/pod-defaults.ts";
import { podSecurity } from "./steps/pod-security.ts";
import { priority } from "./steps/priority.ts";
import { rbacEscalation } from "./steps/rbac-escalation.ts";
import { runtimeClass } from "./steps/runtime-class.ts";
import { serviceAccount } from "./steps/service-account.ts";
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from "./steps/storage.ts";
import { serviceAddresses } from "./webhooks/service-addresses.ts";
import { createWebhooks } from "./webhooks/create-webhooks.ts";
import { kindNamed, storedObjects } from "./stored-objects.ts";

export interface AdmissionOptions {
  readonly store: Store;
  readonly kinds: KindRegistry;
  readonly library: SchemaLibrary;
  readonly rbac: RbacAuthorizer;
  readonly now: () => Date;
  /** Of webhooks that are passed over because they gave no answer. */
  readonly log?: (line: string) => void;
}

/** What the real API server has switched on by default, in its order. It watches the store for as long as that is open. */
export function createAdmission({
  store,
  kinds,
  library,
  rbac,
  now,
  log = () => undefined,
}: AdmissionOptions): Admission {
  const objects = storedObjects(store, kinds);
  const limits = limitRanger(objects);
  const accounts = serviceAccount(objects);
  const priorities = priority(objects);
  const runtimes = runtimeClass(objects);
  const escalation = rbacEscalation(rbac);
  const quotas = kindNamed(kinds, "resourcequotas");
  const ledger = quotas && new Ledger({ store, kind: quotas, library, now });
  const mutating = [
    namespaceLifecycle(objects),
    limits.mutate,
    accounts.mutate,
    nodeRestriction(objects, rbac.authorize),
    taintNodesByCondition,
    priorities.mutate,
    defaultTolerationSeconds,
    defaultStorageClass(objects),
    storageObjectInUseProtection,
    runtimes.mutate,
    defaultIngressClass(objects),
    podTopologyLabels(objects),
    escalation,
  ];
  const { authorize } = rbac;
  const findService = serviceAddresses(objects);
  return {
    mutating,
    validating: [
      validateConfiguration,
      limits.validate,
      accounts.validate,
      podSecurity(objects),
      priorities.validate,
      persistentVolumeClaimResize(objects),
      runtimes.validate,
      certificateAdmission(authorize),
      // Once more, for what others have changed meanwhile.
      escalation,
      validatingPolicies({ objects, kinds, authorize }),
    ],
    counting: ledger ? [resourceQuota(objects, ledger, now)] : [],
    remote: createWebhooks({ objects, kinds, authorize, findService, log }, mutating),
  };
}

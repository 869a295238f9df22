import { done, fromTimestamp, keyOf, requeueAfter, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import { isTerminating } from "../../model/pod.ts";
import { finishCondition, isFinishedJob } from "./job-object.ts";
import type { Job } from "./job-object.ts";

/** Deletes finished jobs when the time that they are to be kept is over. */
export function finishedJobsController(context: ControllerContext): Controller {
  const jobs = context.informers.of<Job>(resources.jobs);
  return {
    name: "ttl-after-finished-controller",
    watches: [watching(jobs, (job) => (expiresAt(job) === undefined ? [] : [keyOf(job)]))],
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      const at = job === undefined ? undefined : expiresAt(job);
      if (job === undefined || at === undefined) return done;
      const left = at - context.clock.now();
      if (left > 0) return requeueAfter(left);
      // Somebody may just have given it more time: then its version is another one.
      const version =
        job.metadata.resourceVersion === undefined ? {} : { resourceVersion: job.metadata.resourceVersion };
      await unless(["not-found"], context.api.delete(resources.jobs, job, { propagation: "Foreground", ...version }));
      return done;
    },
  };
}

function expiresAt(job: Job): number | undefined {
  const seconds = job.spec.ttlSecondsAfterFinished;
  if (seconds === undefined || isTerminating(job) || !isFinishedJob(job)) return undefined;
  return fromTimestamp(finishCondition(job)?.lastTransitionTime) + seconds * 1000;
}

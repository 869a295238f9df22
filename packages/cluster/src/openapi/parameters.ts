import type { Parameter } from "./operation.ts";

// The shared names end in a digest of the published sentence, which is not repeated here; clients only follow them.
const query = (name: string, type: Parameter["type"], shared?: string): Parameter => ({
  name,
  in: "query",
  type,
  ...(shared === undefined ? {} : { shared: `${name}-${shared}` }),
});
const path = (name: string, shared?: string): Parameter => ({
  name,
  in: "path",
  type: "string",
  ...(shared === undefined ? {} : { shared: `${name}-${shared}` }),
});

export const nameParameter = path("name");
export const namespaceParameter = path("namespace", "vgWSWtn3");
export const prettyParameter = query("pretty", "string", "tJGM1-ng");

export const listParameters: readonly Parameter[] = [
  query("allowWatchBookmarks", "boolean", "HC2hJt-J"),
  query("continue", "string", "QfD61s0i"),
  query("fieldSelector", "string", "xIcQKXFG"),
  query("labelSelector", "string", "5Zw57w4C"),
  query("limit", "integer", "1NfNmdNH"),
  query("resourceVersion", "string", "5WAnf1kx"),
  query("resourceVersionMatch", "string", "t8XhRHeC"),
  query("sendInitialEvents", "boolean", "rLXlEK_k"),
  query("timeoutSeconds", "integer", "yvYezaOC"),
  query("watch", "boolean", "XNNPZGbK"),
];

const dryRun = query("dryRun", "string");
const fieldValidation = query("fieldValidation", "string");

export const writeParameters: readonly Parameter[] = [
  dryRun,
  query("fieldManager", "string", "Qy4HdaTW"),
  fieldValidation,
];

export const patchParameters: readonly Parameter[] = [
  dryRun,
  query("fieldManager", "string", "7c6nTn1T"),
  fieldValidation,
  query("force", "boolean", "tOGGb0Yi"),
];

export const deleteParameters: readonly Parameter[] = [
  dryRun,
  query("gracePeriodSeconds", "integer", "-K5HaBOS"),
  query("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean", "QbNkfIqj"),
  query("orphanDependents", "boolean", "uRB25kX5"),
  query("propagationPolicy", "string", "6jk3prlO"),
];

/** A collection is deleted as it is listed, but never watched meanwhile. */
export const deleteCollectionParameters: readonly Parameter[] = [
  ...listParameters.filter(({ name }) => name !== "watch" && name !== "allowWatchBookmarks"),
  ...deleteParameters,
];

/** Custom kinds read at a version. */
export const readParameters: readonly Parameter[] = [query("resourceVersion", "string", "5WAnf1kx")];

export const logParameters: readonly Parameter[] = [
  query("container", "string", "1GeXxFDC"),
  query("follow", "boolean", "9OIXh_2R"),
  query("insecureSkipTLSVerifyBackend", "boolean", "gM00jVbe"),
  query("limitBytes", "integer", "zwd1RXuc"),
  query("previous", "boolean", "1jxDPu3y"),
  query("sinceSeconds", "integer", "vE2NLdnP"),
  query("stream", "string", "l-48cgXv"),
  query("tailLines", "integer", "9xQLWHMV"),
  query("timestamps", "boolean", "c17fW1w_"),
];

export const remainingPath = path("path", "z6Ciiujn");

/** What the options of connections take, by their kind. */
export const connectParameters: Readonly<Record<string, readonly Parameter[]>> = {
  PodAttachOptions: [
    query("container", "string", "_Q-EJ3nR"),
    query("stderr", "boolean", "26jJhFUR"),
    query("stdin", "boolean", "sEFnN3IS"),
    query("stdout", "boolean", "005YMKE6"),
    query("tty", "boolean", "g7MlET_l"),
  ],
  PodExecOptions: [
    query("command", "string", "Py3eQybp"),
    query("container", "string", "i5dOmRiM"),
    query("stderr", "boolean", "W_1TNlWc"),
    query("stdin", "boolean", "PSzNhyUC"),
    query("stdout", "boolean", "-EZLRwV1"),
    query("tty", "boolean", "s0flW37O"),
  ],
  PodPortForwardOptions: [query("ports", "integer", "91KROJmm")],
  PodProxyOptions: [query("path", "string", "oPbzgLUj")],
  ServiceProxyOptions: [query("path", "string", "QCf0eosM")],
  NodeProxyOptions: [query("path", "string", "rFDtV0x9")],
};

export { CelError } from "./cel-error.ts";
export type { CelErrorCode } from "./cel-error.ts";
export {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  STRING,
  struct,
  TIMESTAMP,
  typeText,
  UINT,
} from "./cel-type.ts";
export type { CelType } from "./cel-type.ts";
export { estimateCost } from "./estimate-cost.ts";
export type { Library, StructFields } from "./declarations.ts";
export { createEnvironment } from "./environment.ts";
export type {
  Environment,
  EnvironmentOptions,
  Evaluated,
  EvaluateOptions,
  FailedEvaluation,
  Program,
  Variables,
} from "./environment.ts";
export { AUTHORIZER_TYPE, authorizerValue } from "./library/authorizer.ts";
export type { AuthorizationDecision, AuthorizationQuestion, DecideAuthorization } from "./library/authorizer.ts";
export { JSON_PATCHES, KUBERNETES_LIBRARIES } from "./library/kubernetes.ts";
export { readDuration, readTimestamp } from "./library/moments.ts";
export { OPTIONALS } from "./library/optionals.ts";
export { BINDINGS, SETS, TWO_VARIABLE_COMPREHENSIONS } from "./library/sets.ts";
export { TEXTS } from "./library/texts.ts";
export { compileRegexp } from "./regexp/go-regexp.ts";
export { CelMap, CelObject, Duration, keyedList, NONE, Opaque, Optional, Timestamp, TypeValue, Uint } from "./value.ts";
export type { Value } from "./value.ts";

import { BOOL, DYN, NULL, STRING, type CelType, type Environment } from "@fairway/cel";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import { validateLabelSelector, type LabelSelector } from "../../kinds/validation/labels.ts";
import { dns1035Label, dnsSubdomain, pathSegmentName, qualifiedName } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import { compile } from "../expressions/conditions.ts";
import { admissionEnvironment } from "../expressions/declared.ts";
import type { ParamRef, PolicyBinding, PolicySpec, ValidatingPolicy, Validation } from "../policies/policy-objects.ts";
import { validateConditions, validateExpression } from "./validate-expressions.ts";
import { failurePolicies, validateMatch } from "./validate-rules.ts";

const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const actions = ["Audit", "Deny", "Warn"];
const annotationsMax = 20;
const annotationBytesMax = 5 * 1024;

export function validatePolicy({ metadata, spec }: ValidatingPolicy): FieldError[] {
  const { validations = [], auditAnnotations = [], paramKind } = spec;
  const variables = declaredVariables(spec);
  const environment = environmentWith(spec, variables.types);
  const isEmpty = validations.length === 0 && auditAnnotations.length === 0;
  const why = "validations or auditAnnotations must contain at least one item";
  return [
    ...validateBasics(spec),
    ...validateConditions(admissionEnvironment({ hasParams: paramKind !== undefined }), spec.matchConditions ?? [], {
      field: "spec.matchConditions",
      type: BOOL,
    }),
    ...variables.errors,
    ...(isEmpty ? [required("spec.validations", why), required("spec.auditAnnotations", why)] : []),
    ...validations.flatMap((each, index) => validateValidation(environment, each, `spec.validations[${index}]`)),
    ...validateAnnotations(environment, metadata.name ?? "", auditAnnotations),
  ];
}

function validateBasics({ failurePolicy, paramKind, matchConstraints }: PolicySpec): FieldError[] {
  return [
    ...(failurePolicy === undefined
      ? [required("spec.failurePolicy")]
      : failurePolicies.includes(failurePolicy)
        ? []
        : [notSupported("spec.failurePolicy", failurePolicy, failurePolicies)]),
    ...(paramKind ? validateParamKind(paramKind) : []),
    ...(matchConstraints
      ? validateMatch(matchConstraints, "spec.matchConstraints")
      : [required("spec.matchConstraints")]),
    ...(matchConstraints && !matchConstraints.resourceRules?.length
      ? [required("spec.matchConstraints.resourceRules")]
      : []),
  ];
}

function validateParamKind({
  apiVersion = "",
  kind = "",
}: Partial<NonNullable<PolicySpec["paramKind"]>>): FieldError[] {
  const field = "spec.paramKind";
  return [...validateApiVersion(apiVersion, `${field}.apiVersion`), ...validateKind(kind, `${field}.kind`)];
}

function validateApiVersion(apiVersion: string, field: string): FieldError[] {
  if (apiVersion === "") return [required(field)];
  const parts = apiVersion.split("/");
  if (parts.length > 2) return [invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [version = "", group = ""] = parts.toReversed();
  const ofGroup = group === "" ? [] : dnsSubdomain(group);
  const ofVersion = version === "" ? [] : dns1035Label(version);
  return [
    ...(ofGroup.length > 0 ? [invalid(field, group, ofGroup.join(","))] : []),
    ...(version === "" ? [invalid(field, apiVersion, "version must be specified")] : []),
    ...(ofVersion.length > 0 ? [invalid(field, version, ofVersion.join(","))] : []),
  ];
}

function validateKind(kind: string, field: string): FieldError[] {
  if (kind === "") return [required(field)];
  const errors = dns1035Label(kind.toLowerCase());
  return errors.length === 0
    ? []
    : [invalid(field, kind, `may have mixed case, but should otherwise match: ${errors.join(",")}`)];
}

interface Declared {
  readonly types: Readonly<Record<string, CelType>>;
  readonly errors: readonly FieldError[];
}

function environmentWith(
  spec: PolicySpec,
  types: Readonly<Record<string, CelType>>,
  hasAuthorizer = true,
): Environment {
  const hasVariables = (spec.variables ?? []).length > 0;
  return admissionEnvironment({
    hasParams: spec.paramKind !== undefined,
    hasAuthorizer,
    ...(hasVariables ? { variables: types } : {}),
  });
}

const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set([
  ..."true false null in as break const continue else for function if import let loop".split(" "),
  ..."package namespace return var void while".split(" "),
]);

function declaredVariables(spec: PolicySpec): Declared {
  const types: Record<string, CelType> = {};
  const errors = (spec.variables ?? []).flatMap(({ name = "", expression = "" }, index) => {
    const place = `spec.variables[${index}]`;
    const found: FieldError[] = [];
    if (name.trim() === "") found.push(required(`${place}.name`, "name is not specified"));
    else if (!identifier.test(name) || reserved.has(name))
      found.push(invalid(`${place}.name`, name, "must be a valid CEL identifier"));
    if (expression.trim() === "") return [...found, required(`${place}.expression`, "expression is not specified")];
    const compiled = compile(environmentWith(spec, { ...types }), expression);
    types[name] = compiled.kind === "program" ? compiled.program.type : DYN;
    return compiled.kind === "broken"
      ? [...found, invalid(`${place}.expression`, expression, compiled.problem)]
      : found;
  });
  return { types, errors };
}

function validateValidation(environment: Environment, validation: Validation, field: string): FieldError[] {
  const { expression = "", message = "", messageExpression = "", reason } = validation;
  const errors: FieldError[] =
    expression.trim() === ""
      ? [required(`${field}.expression`, "expression is not specified")]
      : validateExpression(environment, { text: expression, field: `${field}.expression`, types: [BOOL] });
  const ofMessage = `${field}.messageExpression`;
  if (messageExpression !== "" && messageExpression.trim() === "")
    errors.push(invalid(ofMessage, messageExpression, "must be non-empty if specified"));
  else if (messageExpression !== "")
    errors.push(...validateExpression(environment, { text: messageExpression, field: ofMessage, types: [STRING] }));
  if (message !== "" && message.trim() === "")
    errors.push(invalid(`${field}.message`, message, "must be non-empty if specified"));
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalid(`${field}.message`, message, "must not contain line breaks"));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${field}.reason`, reason, reasons));
  return errors;
}

function validateAnnotations(
  environment: Environment,
  name: string,
  annotations: NonNullable<ValidatingPolicy["spec"]["auditAnnotations"]>,
): FieldError[] {
  const field = "spec.auditAnnotations";
  const keys = annotations.map(({ key = "" }) => key);
  return [
    ...(annotations.length > annotationsMax
      ? [invalid(field, annotations, `must not have more than ${annotationsMax} auditAnnotations`)]
      : []),
    ...annotations.flatMap(({ key = "", valueExpression = "" }, index) => {
      const place = `${field}[${index}]`;
      const text = valueExpression.trim();
      const qualified = `${name}/${key}`;
      return [
        ...(name === ""
          ? [invalid(`${place}.key`, key, "requires metadata.name be non-empty")]
          : eachInvalid(`${place}.key`, qualified, qualifiedName(qualified))),
        ...(text === ""
          ? [required(`${place}.valueExpression`, "valueExpression is not specified")]
          : Buffer.byteLength(text) > annotationBytesMax
            ? [required(`${place}.valueExpression`, `must not exceed ${annotationBytesMax} bytes in length`)]
            : validateExpression(environment, { text, field: `${place}.valueExpression`, types: [STRING, NULL] })),
        ...(keys.indexOf(key) < index ? [duplicate(`${place}.key`, key)] : []),
      ];
    }),
  ];
}

export function validateBinding({ spec }: PolicyBinding): FieldError[] {
  const { policyName = "", paramRef, matchResources, validationActions = [] } = spec;
  return [
    ...(policyName === ""
      ? [required("spec.policyName")]
      : eachInvalid("spec.policyName", policyName, dnsSubdomain(policyName))),
    ...(paramRef ? validateParamRef(paramRef, "spec.paramRef") : []),
    ...validateMatch(matchResources, "spec.matchResources"),
    ...validateActions(validationActions, "spec.validationActions"),
  ];
}

function validateParamRef(
  { name = "", selector, parameterNotFoundAction = "" }: ParamRef,
  field: string,
): FieldError[] {
  const both = "name and selector are mutually exclusive";
  const choices = ["Deny", "Allow"];
  return [
    ...(name === "" ? [] : eachInvalid(`${field}.name`, name, pathSegmentName(name))),
    ...(name !== "" && selector ? [forbidden(`${field}.name`, both)] : []),
    ...(selector ? validateLabelSelector(selector as LabelSelector, `${field}.selector`) : []),
    ...(name !== "" && selector ? [forbidden(`${field}.selector`, both)] : []),
    ...(name === "" && !selector ? [required(field, "one of name or selector must be specified")] : []),
    ...(parameterNotFoundAction === ""
      ? [required(`${field}.parameterNotFoundAction`)]
      : choices.includes(parameterNotFoundAction)
        ? []
        : [notSupported(`${field}.parameterNotFoundAction`, parameterNotFoundAction, choices)]),
  ];
}

function validateActions(wanted: readonly string[], field: string): FieldError[] {
  const errors = wanted.flatMap((action, index) => [
    ...(actions.includes(action) ? [] : [notSupported(`${field}[${index}]`, action, actions)]),
    ...(wanted.indexOf(action) < index ? [duplicate(`${field}[${index}]`, action)] : []),
  ]);
  if (wanted.includes("Deny") && wanted.includes("Warn"))
    errors.push(
      invalid(
        field,
        wanted,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  return wanted.length === 0 ? [...errors, required(field, "at least one validation action is required")] : errors;
}

import {
  BINDINGS,
  BOOL,
  CelError,
  createEnvironment,
  DYN,
  KUBERNETES_LIBRARIES,
  mapOf,
  opaque,
  STRING,
  struct,
  typeText,
  type Program,
} from "@fairway/cel";

export const deviceType = "kubernetes.DRADevice";

/** What expressions that choose devices may speak of. */
const environment = createEnvironment({
  homogeneous: true,
  libraries: [...KUBERNETES_LIBRARIES, BINDINGS],
  structs: {
    [deviceType]: {
      driver: STRING,
      attributes: mapOf(STRING, mapOf(STRING, DYN)),
      capacity: mapOf(STRING, mapOf(STRING, opaque("kubernetes.Quantity"))),
    },
  },
  variables: { device: struct(deviceType) },
});

/** The expression of a selector, ready, or what is wrong with it. */
export type DeviceExpression =
  | { readonly kind: "program"; readonly program: Program }
  | { readonly kind: "broken"; readonly problem: string };

export function compileDeviceExpression(expression: string): DeviceExpression {
  try {
    const program = environment.compile(expression);
    const { type } = program;
    if (type.kind === BOOL.kind || type.kind === DYN.kind) return { kind: "program", program };
    return { kind: "broken", problem: `must evaluate to bool or the unknown type, not ${typeText(type)}` };
  } catch (error) {
    if (error instanceof CelError) return { kind: "broken", problem: `compilation failed: ${error.message}` };
    throw error;
  }
}

// Values in braces: {ns}, and what a scenario captured. Other braces (flow mappings, CEL, templates) stay as they are.
export type Variables = ReadonlyMap<string, string>;

export function fillIn(text: string, variables: Variables): string {
  return text.replaceAll(/\{([a-z][A-Za-z0-9:-]*)\}/gu, (whole, name: string) => variables.get(name) ?? whole);
}

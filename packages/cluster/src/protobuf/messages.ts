import data from "./data/messages.json" with { type: "json" };

export interface MessageField {
  readonly number: number;
  /** In JSON. A dash: the fields of the message stand in the place of the field. */
  readonly name: string;
  readonly type: string;
  /** JSON leaves its zero value out. */
  readonly isOptional: boolean;
  /** It may be missing; what is no pointer is always written, be it zero. */
  readonly isPointer: boolean;
}

/** By number. */
export type MessageFields = ReadonlyMap<number, MessageField>;

const kinds: Readonly<Record<string, string | undefined>> = data.kinds;
const texts: Readonly<Record<string, readonly string[] | undefined>> = data.messages;
const known = new Map<string, MessageFields>();

/** The message that objects of a kind are written as. */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  return kinds[`${apiVersion} ${kind}`];
}

export function fieldsOf(message: string): MessageFields {
  const read = known.get(message);
  if (read) return read;
  const fields = new Map((texts[message] ?? []).map(fieldOf).map((field) => [field.number, field]));
  known.set(message, fields);
  return fields;
}

/** `4? effect string`, `5* timeAdded Time` */
function fieldOf(text: string): MessageField {
  const [place = "", name = "", ...type] = text.split(" ");
  return {
    number: Number.parseInt(place, 10),
    name,
    type: type.join(" "),
    isOptional: place.endsWith("?"),
    isPointer: place.endsWith("*"),
  };
}

/** One piece of DER: its tag, and where its content is. */
interface Piece {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const organization = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a]);
const commonName = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]);

/** The organizations in the subject of a request for a certificate: the groups of whoever will have it. */
export function organizationsOf(request: string): readonly string[] {
  return subjectOf(request, organization);
}

/** Who will have the certificate. */
export function commonNameOf(request: string): string | undefined {
  return subjectOf(request, commonName)[0];
}

/**
 * A request stands in a signing request as PEM in base64. What can't be read has nothing in it: that it is a request has been validated
 * before.
 */
function subjectOf(request: string, oid: Buffer): readonly string[] {
  const pem = Buffer.from(request, "base64").toString("latin1");
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(pem)?.[1];
  if (body === undefined) return [];
  const der = Buffer.from(body, "base64");
  const info = child(der, piece(der, 0), 0);
  const subject = info && child(der, info, 1);
  if (!subject) return [];
  return children(der, subject)
    .flatMap((set) => children(der, set))
    .flatMap((attribute) => {
      const isMeant = der.subarray(attribute.start, attribute.start + oid.length).equals(oid);
      const value = isMeant ? child(der, attribute, 1) : undefined;
      return value ? [der.subarray(value.start, value.end).toString("utf8")] : [];
    });
}

function child(der: Buffer, parent: Piece | undefined, index: number): Piece | undefined {
  return parent && children(der, parent)[index];
}

function children(der: Buffer, { start, end }: Piece): readonly Piece[] {
  const found: Piece[] = [];
  for (let at = start; at < end;) {
    const next = piece(der, at);
    if (!next || next.end > end) return found;
    found.push(next);
    at = next.end;
  }
  return found;
}

function piece(der: Buffer, at: number): Piece | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  if (bytes > 4 || at + 2 + bytes > der.length) return undefined;
  const length = bytes === 0 ? first : der.readUIntBE(at + 2, bytes);
  const start = at + 2 + bytes;
  return start + length > der.length ? undefined : { tag, start, end: start + length };
}

/** An address as it may stand in a message: passwords and the signatures of presigned addresses are left out. */
export function printableAddress(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, "$1").replace(/[?#].*$/s, "");
}

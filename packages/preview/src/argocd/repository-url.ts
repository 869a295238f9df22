/** One spelling for the many addresses of one repository: protocol, user, port, `.git` and case don't tell them apart. */
export function normalizedRepositoryUrl(url: string): string {
  const trimmed = url
    .trim()
    .toLowerCase()
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(trimmed);
  if (scp && !trimmed.includes("://")) return `${scp[1]}/${scp[2]}`;
  return trimmed.replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/, "").replace(/^([^/:]+):\d+\//, "$1/");
}

export function sameRepository(a: string, b: string): boolean {
  return normalizedRepositoryUrl(a) === normalizedRepositoryUrl(b);
}

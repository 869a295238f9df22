import { KubeletError } from "../kubelet-error.ts";

/** A parsed image name, with the defaults that Docker and containerd add. */
export interface ImageReference {
  /** Host and port, e.g. `docker.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** `library/busybox` */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:...` */
  readonly digest: string | undefined;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/u;
const tagPattern = /^[\w][\w.-]{0,127}$/u;
const digestPattern = /^sha256:[0-9a-f]{64}$/u;
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/u;

/** `busybox` -> docker.io/library/busybox:latest. Throws `image-name-invalid` with the words of the kubelet. */
export function parseImageReference(text: string): ImageReference {
  const invalid = (why: string): KubeletError =>
    new KubeletError("image-name-invalid", `couldn't parse image name "${text}": ${why}`);
  if (text.length === 0 || text.length > 4096) throw invalid("invalid reference format");
  let rest = text;
  let digest: string | undefined;
  const at = rest.indexOf("@");
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!digestPattern.test(digest)) throw invalid("invalid reference format");
  }
  let tag: string | undefined;
  const colon = rest.lastIndexOf(":");
  if (colon > rest.lastIndexOf("/")) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!tagPattern.test(tag)) throw invalid("invalid reference format");
  }
  const { registry, repository } = splitHost(rest);
  if (!hostPattern.test(registry) || repository.length > 255) throw invalid("invalid reference format");
  if (/[A-Z]/u.test(repository))
    throw invalid(`invalid reference format: repository name (${repository}) must be lowercase`);
  if (!repository.split("/").every((each) => component.test(each))) throw invalid("invalid reference format");
  return { registry, repository, tag: tag ?? (digest === undefined ? "latest" : undefined), digest };
}

function splitHost(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first.includes(".") || first.includes(":") || first === "localhost" || /[A-Z]/u.test(first);
  if (!isHost) return { registry: "docker.io", repository: slash < 0 ? `library/${name}` : name };
  const registry = first === "index.docker.io" ? "docker.io" : first;
  const repository = name.slice(slash + 1);
  const bare = registry === "docker.io" && !repository.includes("/");
  return { registry, repository: bare ? `library/${repository}` : repository };
}

/** The full name, as containerd shows it: `docker.io/library/busybox:latest`. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

const part = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const host = `(?:${part}(?:\\.${part})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const segment = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const digest = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}";
const form = new RegExp(
  `^(?![a-f0-9]{64}$)(?:${host}/)?${segment}(?:/${segment})*(?::(?<tag>\\w[\\w.-]{0,127}))?(?<digest>@(?:${digest}))?$`,
);

/** Whether an image is pulled anew every time: its tag is `latest`, or it has neither a tag nor a digest. What is no name of an image is not. */
export function isMovingTag(image: string): boolean {
  const parts = form.exec(image)?.groups;
  if (!parts) return false;
  return (parts["tag"] ?? (parts["digest"] === undefined ? "latest" : "")) === "latest";
}

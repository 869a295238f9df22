/** Whether an image is pulled anew every time: it names no digest, and its tag is `latest` or not given. */
export function isMovingTag(image: string): boolean {
  if (image.includes("@")) return false;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const colon = name.indexOf(":");
  return colon === -1 || name.slice(colon + 1) === "latest";
}

/** Paths of the file port: `/` separates, `.` and `..` are resolved here and never reach the port. */
export function cleanPath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const result: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && result.length > 0 && result.at(-1) !== "..") result.pop();
    else if (part !== ".." || !isAbsolute) result.push(part);
  }
  if (isAbsolute) return `/${result.join("/")}`;
  return result.length === 0 ? "." : result.join("/");
}

export function joinPath(...parts: string[]): string {
  const present = parts.filter((part) => part !== "");
  return present.length === 0 ? "" : cleanPath(present.join("/"));
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** Whether the path is the directory or below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

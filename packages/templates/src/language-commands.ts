export type TemplateLanguage = "typescript" | "python" | "go" | "java" | "rust";

/** What somebody types in the folder of a new service. */
export interface LanguageCommands {
  /** Undefined when the sources run as they are. */
  readonly build: string | undefined;
  readonly test: string;
  readonly start: string;
}

export const languageCommands: Readonly<Record<TemplateLanguage, LanguageCommands>> = {
  typescript: { build: undefined, test: "node --test", start: "node src/main.ts" },
  python: { build: undefined, test: "python3 -m unittest", start: "python3 -m service" },
  go: { build: "go build -o service .", test: "go test ./...", start: "./service" },
  java: {
    build: "javac -d out src/service/*.java tests/service/*.java",
    test: "java -ea -cp out service.RoutesTest",
    start: "java -cp out service.Main",
  },
  rust: { build: "cargo build", test: "cargo test", start: "target/debug/__NAME__" },
};

export function hasTemplate(language: string): language is TemplateLanguage {
  return Object.hasOwn(languageCommands, language);
}

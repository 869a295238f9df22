export { hasTemplate, languageCommands, type LanguageCommands, type TemplateLanguage } from "./language-commands.ts";
export { serviceFiles, type NewServiceFiles } from "./service-files.ts";

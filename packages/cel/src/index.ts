/** The language version that the package speaks. */
export const celLanguage = "cel-spec";

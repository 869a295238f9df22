/** Applications of one revision. Argo CD itself is rarely run with more; beyond it a generator has run away. */
export const applicationsMax = 20_000;

/** Applications that deploy applications, generation after generation; a cycle ends here with an error. */
export const generationsMax = 16;

/** Parameter sets that one ApplicationSet may give: a matrix multiplies quickly. */
export const parameterSetsMax = 10_000;

/** Nested generators: Argo CD allows two levels, templates of parameters may build more by mistake. */
export const generatorDepthMax = 4;

/** Lines of one object that are compared line by line; a larger object is shown as changed without the lines. */
export const diffLinesMax = 20_000;

/** Edits between two objects that the shortest difference is searched for; beyond it the whole object is replaced. */
export const diffEditsMax = 2_000;

/** GitHub takes comments of 65,536 characters; the rest is for what the caller puts around it. */
export const commentCharactersMax = 60_000;

/** What settles by itself does so within this: statuses follow each other, and a status is written when the next one is due. */
export const settleMs = 240_000;

/** Between two looks at clusters that do not agree yet. */
export const lookEveryMs = 2_000;

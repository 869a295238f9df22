// Upper bounds of what the steps of the live lane take with everything built, in seconds, measured on two busy cores: a
// step that could end after the budget is not begun.
export const stepSeconds = {
  apiLeaks: 60,
  nodeLeaks: 120,
  recording: 240,
  renderedState: 120,
  controllers: 180,
  clients: 240,
  acceptance: 300,
  embeddedAcceptance: 180,
  embeddedConformance: 330,
  rust: 300,
  shop: 240,
  images: 150,
  conformance: 240,
} as const;

/** The launch of a Go build tool alone makes no sense with less. */
export const buildSecondsMin = 60;

/** For the suite against a list of the lane, which takes two minutes: whatever is cut off would be taken for a failure. */
export const gateMinutes = 60;

/** For the suite against the whole list; it takes 40 minutes at most. */
export const wholeSuiteMinutes = 120;

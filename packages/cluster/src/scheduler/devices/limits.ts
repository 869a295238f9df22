/** Devices of one claim, as the API allows. */
export const devicesPerClaimMax = 32;
/** What one selector may cost for one device, in units of the expression language: as Kubernetes. */
export const selectorCostMax = 1_000_000;
/** Compiled selectors that are kept; classes and claims seldom have more different ones. */
export const compiledSelectorsMax = 256;
/** Steps of one search for devices on one node: a search among many alike devices would otherwise go on for ever. */
export const searchStepsMax = 20_000;

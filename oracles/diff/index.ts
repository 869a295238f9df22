export { judgeCluster } from "./judge.ts";
export type { Judgement, JudgeOptions, ScenarioResult, SkippedScenario } from "./judge.ts";
export type { CorpusSelection } from "./corpus.ts";
export type { Difference } from "./difference.ts";
export { formatReport, formatScores, scoresOf } from "./score.ts";
export type { Score } from "./score.ts";
export { readClusterAccess } from "./kubeconfig.ts";
export type { ClusterAccess } from "./kubeconfig.ts";

/** `.Capabilities.HelmVersion`: the build of Helm that this renderer is held against. */
export const helmVersion = {
  Version: "v4.1.4",
  GitCommit: "05fa37973dc9e42b76e1d2883494c87174b6074f",
  GitTreeState: "clean",
  GoVersion: "go1.25.9",
  KubeClientVersion: "v1.35",
} as const;

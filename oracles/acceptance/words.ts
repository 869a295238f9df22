/** Words that sections use besides kubectl and helm: small programs in a folder of the path. */
export const words: Readonly<Record<string, string>> = {
  has: `#!/bin/bash
# has TEXT [FILE]: passes its input on, and fails unless it holds the text.
text=$(if [ $# -gt 1 ]; then cat "$2"; else cat; fi)
printf '%s\\n' "$text"
case "$text" in *"$1"*) exit 0 ;; esac
echo "no '$1' in that" >&2
exit 1
`,
  soon: `#!/bin/bash
# soon CMD...: again and again until it succeeds, for three minutes.
while [ $SECONDS -lt 180 ]; do
  if [ $# -eq 1 ]; then bash -o pipefail -c "$1" > /dev/null 2>&1 && exit 0; else "$@" > /dev/null 2>&1 && exit 0; fi
  sleep 0.5
done
echo "not within three minutes: $*" >&2
if [ $# -eq 1 ]; then exec bash -o pipefail -c "$1"; else exec "$@"; fi
`,
  settled: `#!/bin/bash
# settled NAME: a deployment is rolled out, and the pods of the label app=NAME are its new ones alone.
kubectl rollout status deployment "$1" --timeout=240s &&
  soon "test \\$(kubectl get pod -l app=$1 -o name | wc -l) = \\$(kubectl get deployment $1 -o jsonpath={.spec.replicas})"
`,
  fetch: `#!/bin/bash
# fetch URL: the body of an answer.
exec "$NODE" -e 'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text))' "$1"
`,
  "as-token": `#!/bin/bash
# as-token TOKEN ARGS...: kubectl as the bearer of a token, without the administrator's certificate.
token=$1
shift
server=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
exec env KUBECONFIG=/dev/null kubectl --server="$server" --insecure-skip-tls-verify --token="$token" --namespace="$NAMESPACE" "$@"
`,
};

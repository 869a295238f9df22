import type { KubeObject } from "../../object/kube-object.ts";
import { done, keyOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome } from "../../loop/index.ts";
import { isTerminating } from "../../model/pod.ts";

const tokenType = "kubernetes.io/service-account-token";
const nameAnnotation = "kubernetes.io/service-account.name";
const uidAnnotation = "kubernetes.io/service-account.uid";
const index = "account";

interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

/** Writes tokens that don't expire into secrets that ask for one, and deletes them with their account. */
export function tokenSecretController(context: ControllerContext): Controller {
  const accounts = context.informers.of(resources.serviceAccounts);
  // What others keep secret isn't kept here as well.
  const secrets = context.informers.of<Secret>(resources.secrets, (object) =>
    object["type"] === tokenType ? object : { ...object, data: {} },
  );
  secrets.addIndex(index, (secret) => {
    const account = secret.metadata.annotations?.[nameAnnotation];
    return secret.type === tokenType && account !== undefined ? [`${secret.metadata.namespace ?? ""}/${account}`] : [];
  });
  return {
    name: "serviceaccount-token-controller",
    watches: [
      watching(secrets, (secret) => (secret.type === tokenType ? [keyOf(secret)] : [])),
      watching(accounts, (account) => secrets.find(index, keyOf(account)).map(keyOf)),
    ],
    reconcile: (key) => reconcile(context, secrets, key),
  };
}

async function reconcile(context: ControllerContext, secrets: Informer<Secret>, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const secret = secrets.get(namespace, name);
  if (secret?.type !== tokenType || isTerminating(secret)) return done;
  const account = await accountOf(context, secret);
  if (account === undefined) {
    await unless(["not-found"], context.api.delete(resources.secrets, secret));
    return done;
  }
  const { signAccountToken, rootCertificates } = context.options;
  if (signAccountToken === undefined) return { kind: "waiting", reason: "nobody signs tokens" };
  const uid = account.metadata.uid ?? "";
  const encode = (text: string) => Buffer.from(text).toString("base64");
  const data: Record<string, string> = { ...secret.data };
  const isOfAccount = secret.metadata.annotations?.[uidAnnotation] === uid;
  if ((data["token"] ?? "") === "" || !isOfAccount) {
    data["token"] = encode(await signAccountToken({ account, secret }));
  }
  data["ca.crt"] = encode(rootCertificates);
  data["namespace"] = encode(namespace);
  const isSame = Object.entries(data).every(([each, value]) => secret.data?.[each] === value);
  if (isSame && isOfAccount) return done;
  const annotations = { ...secret.metadata.annotations, [uidAnnotation]: uid };
  const next = { ...secret, metadata: { ...secret.metadata, annotations }, data };
  await unless(["not-found"], context.api.update<Secret>(resources.secrets, next));
  return done;
}

/** Looked up at the server before a secret is deleted: what is known here may be older than the secret. */
async function accountOf({ api, informers }: ControllerContext, secret: Secret): Promise<KubeObject | undefined> {
  const { namespace = "", annotations } = secret.metadata;
  const name = annotations?.[nameAnnotation] ?? "";
  const uid = annotations?.[uidAnnotation] ?? "";
  const isRight = (account: KubeObject | undefined) =>
    account !== undefined && (uid === "" || account.metadata.uid === uid);
  const known = informers.of(resources.serviceAccounts).get(namespace, name);
  if (isRight(known)) return known;
  const fresh = await api.get(resources.serviceAccounts, namespace, name);
  return isRight(fresh) ? fresh : undefined;
}

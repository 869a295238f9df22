import type { UserInfo } from "../../api/api-exchange.ts";
import type { Attributes, Decision } from "../../access/attributes.ts";
import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionStep } from "../admission.ts";
import { refused } from "../refuse.ts";
import { organizationsOf } from "./certificate-request.ts";

interface SigningRequest extends KubeObject {
  spec: { readonly signerName: string; readonly request: string };
  status?: { readonly certificate?: string; readonly conditions?: readonly unknown[] };
}

interface TrustBundle extends KubeObject {
  spec?: { readonly signerName?: string };
}

type Authorize = (attributes: Attributes) => Decision;

const clientSigner = "kubernetes.io/kube-apiserver-client";

/** Whoever approves or signs has to be allowed to for the signer; and nobody gets a certificate of a master from it. */
export function certificateAdmission(authorize: Authorize): AdmissionStep {
  return (request) => {
    const { kind, subresource, operation, object, old, user } = request;
    if (kind.group !== "certificates.k8s.io" || !object) return;
    const may = (verb: string, signerName: string): boolean => mayForSigner(authorize, user, { verb, signerName });
    if (kind.plural === "clustertrustbundles") {
      const { signerName = "" } = (object as TrustBundle).spec ?? {};
      if (operation !== "DELETE" && signerName !== "" && !may("attest", signerName))
        throw refused(request, `user not permitted to attest for signerName ${JSON.stringify(signerName)}`);
      return;
    }
    if (kind.plural !== "certificatesigningrequests") return;
    const next = object as SigningRequest;
    if (operation === "CREATE") {
      const isMaster =
        next.spec.signerName === clientSigner && organizationsOf(next.spec.request).includes("system:masters");
      if (isMaster) throw refused(request, `use of ${clientSigner} signer with system:masters group is not allowed`);
      return;
    }
    if (operation !== "UPDATE" || !old) return;
    const before = old as SigningRequest;
    const signer = before.spec.signerName;
    if (subresource === "approval" && !may("approve", signer))
      throw refused(request, `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`);
    if (subresource === "status" && isSigned(next, before) && !may("sign", signer))
      throw refused(request, `user not permitted to sign requests with signerName ${JSON.stringify(signer)}`);
  };
}

function isSigned({ status }: SigningRequest, { status: before }: SigningRequest): boolean {
  return status?.certificate !== before?.certificate || !equalJson(status?.conditions ?? [], before?.conditions ?? []);
}

/** For the signer by name, or for all of its domain. */
function mayForSigner(
  authorize: Authorize,
  user: UserInfo,
  { verb, signerName }: { readonly verb: string; readonly signerName: string },
): boolean {
  const domain = `${signerName.split("/")[0] ?? ""}/*`;
  return [signerName, domain].some(
    (name) =>
      authorize({
        kind: "resource",
        user,
        verb,
        name,
        group: "certificates.k8s.io",
        version: "*",
        resource: "signers",
        subresource: "",
        namespace: "",
      }).allowed,
  );
}

import type { RoleBinding } from "../../schema/data/types/rbac-v1.ts";
import type { Cell } from "../columns.ts";

type Binding = Pick<RoleBinding, "roleRef" | "subjects">;

export const bindingCells: Readonly<Record<string, Cell<Binding>>> = {
  Role: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
  Users: (binding) => subjectsText(binding, "User"),
  Groups: (binding) => subjectsText(binding, "Group"),
  ServiceAccounts: (binding) => subjectsText(binding, "ServiceAccount"),
};

function subjectsText({ subjects }: Binding, kind: string): string {
  const names = (subjects ?? []).filter((subject) => subject.kind === kind);
  return names
    .map(({ namespace = "", name }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
    .join(", ");
}

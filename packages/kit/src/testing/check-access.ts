import { operationsOf } from "./operations-of.ts";
import type { Operation } from "./operations-of.ts";
import type { Service } from "../lifecycle/service.ts";
import type { TestTokens } from "./test-tokens.ts";

export interface AccessReport {
  /** How many requests were made. */
  readonly requests: number;
  /** One line for each request that was let in and should not have been, or the other way round. */
  readonly failures: readonly string[];
}

const subject = "01900000-0000-7000-8000-0000000000aa";

/**
 * Tries every route of a service as nobody, with every kind of bad token, and with a good token that lacks the role.
 * What a caller may do with things of others is for the service's own tests.
 */
export async function checkAccess(service: Service, tokens: TestTokens): Promise<AccessReport> {
  const failures: string[] = [];
  let requests = 0;
  const expectStatus = async (operation: Operation, who: string, token: string | undefined, wanted: number) => {
    requests++;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const target = `http://service${operation.path.replaceAll(/\{[^}]+\}/g, subject)}`;
    const response = await service.handle(new Request(target, { method: operation.method, headers }));
    await response.arrayBuffer();
    if (response.status !== wanted) {
      failures.push(`${operation.method} ${operation.path} ${who}: ${response.status}, and not ${wanted}`);
    }
  };
  for (const operation of operationsOf(service.document)) {
    const { access } = operation;
    if (access === "public") continue;
    const needed = typeof access === "object" ? access.roles : [];
    if (access !== "optional") await expectStatus(operation, "without a token", undefined, 401);
    for (const [who, token] of Object.entries(tokens.badTokens(subject, needed))) {
      await expectStatus(operation, `with a token: ${who}`, token, 401);
    }
    if (needed.length === 0) continue;
    await expectStatus(operation, "without a role", tokens.tokenFor(subject, []), 403);
    await expectStatus(operation, "with another role", tokens.tokenFor(subject, ["some-other-role"]), 403);
  }
  return { requests, failures };
}

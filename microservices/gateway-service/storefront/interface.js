/** Calls the shop, renews the session when it has run out, and remembers who answered. */

const versions = new Map();
const listeners = new Set();
let trace = "";

export class ShopError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `the shop answered ${status}`);
    this.name = "ShopError";
    this.status = status;
    this.problem = problem;
  }
}

export function onAnswer(listener) {
  listeners.add(listener);
}

const key = "session";

export const session = {
  read: () => JSON.parse(sessionStorage.getItem(key) ?? "null"),
  write: (value) => (value ? sessionStorage.setItem(key, JSON.stringify(value)) : sessionStorage.removeItem(key)),
};

export async function call(method, path, { body, headers = {} } = {}) {
  const answer = await send(method, path, { body, headers });
  if (answer.status !== 401 || !session.read() || path.startsWith("/auth/")) return read(answer);
  await renew();
  return read(await send(method, path, { body, headers }));
}

async function send(method, path, { body, headers }) {
  const tokens = session.read();
  const answer = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(tokens && !path.startsWith("/auth/") ? { authorization: `Bearer ${tokens.accessToken}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  note(answer);
  return answer;
}

async function read(answer) {
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  const parsed = isJson && text !== "" ? JSON.parse(text) : {};
  if (!answer.ok) throw new ShopError(answer.status, parsed);
  return parsed;
}

let renewing;

/** Several calls that find the session run out renew it once: a refresh token is good for one use. */
function renew() {
  renewing ??= (async () => {
    const { refreshToken, email } = session.read() ?? {};
    try {
      const tokens = await read(await send("POST", "/auth/refresh", { body: { refreshToken }, headers: {} }));
      session.write({ ...tokens, email });
    } catch (error) {
      if (error instanceof ShopError && error.status === 401) session.write(undefined);
      throw error;
    } finally {
      renewing = undefined;
    }
  })();
  return renewing;
}

function note(answer) {
  const [name, version] = (answer.headers.get("x-service-version") ?? "").split("/");
  if (version) versions.set(name, version);
  trace = answer.headers.get("traceresponse")?.split("-")[1] ?? trace;
  for (const listener of listeners) listener(versions, trace);
}

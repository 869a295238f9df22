import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { decode } from "@fairway/yaml";

/** Just enough of a client to ask a real API server. */
export interface Server {
  readonly send: (question: Question) => Promise<Answer>;
  readonly close: () => void;
}

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Kubeconfig {
  readonly clusters: readonly {
    cluster: { server: string; "certificate-authority-data"?: string; "certificate-authority"?: string };
  }[];
  readonly users: readonly {
    user: {
      token?: string;
      "client-certificate-data"?: string;
      "client-key-data"?: string;
      "client-certificate"?: string;
      "client-key"?: string;
    };
  }[];
}

export function connect(kubeconfigFile: string): Server {
  const config = decode(readFileSync(kubeconfigFile, "utf8")) as Kubeconfig;
  const cluster = config.clusters[0]?.cluster;
  const user = config.users[0]?.user;
  if (cluster === undefined || user === undefined) throw new Error(`${kubeconfigFile} names no cluster or no user`);
  const agent = new Agent({
    keepAlive: true,
    ...optional("ca", material(cluster["certificate-authority-data"], cluster["certificate-authority"])),
    ...optional("cert", material(user["client-certificate-data"], user["client-certificate"])),
    ...optional("key", material(user["client-key-data"], user["client-key"])),
  });
  const send = async (question: Question): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers: Record<string, string> = { accept: "application/json" };
    if (user.token !== undefined) headers["authorization"] = `Bearer ${user.token}`;
    if (question.body !== undefined) headers["content-type"] = question.contentType ?? "application/json";
    const sent = request(
      new URL(question.path, cluster.server),
      { method: question.method, agent, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: answer.statusCode ?? 0,
            body: (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>,
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(question.body);
    return promise;
  };
  return { send, close: () => agent.destroy() };
}

function material(data: string | undefined, file: string | undefined): string | undefined {
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  return file === undefined ? undefined : readFileSync(file, "utf8");
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

// Runs the controllers and the scheduler against any API server: `node packages/cluster/tools/run-controllers.ts KUBECONFIG`.
import { readFileSync } from "node:fs";
import { createHttpsClient } from "@fairway/kube-client";
import { startControllers } from "../src/controllers/start-controllers.ts";
import { startScheduler } from "../src/scheduler/start-scheduler.ts";

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

const [file = ""] = process.argv.slice(2);
const config = JSON.parse(readFileSync(file, "utf8")) as Kubeconfig;
const cluster = config.clusters[0]?.cluster;
const authority = Buffer.from(cluster?.["certificate-authority-data"] ?? "", "base64").toString();
const client = createHttpsClient({
  server: cluster?.server ?? "",
  certificateAuthority: authority,
  token: config.users[0]?.user.token ?? "",
});
const log = (message: string) => console.error(message);
const controllers = startControllers(client, { log, options: { rootCertificates: authority } });
const scheduler = startScheduler(client, { log });
await Promise.all([controllers.ready, scheduler.ready]);
console.log("The controllers work.");
const end = () => {
  void Promise.all([controllers.close(), scheduler.close()]).then(() => client.close());
};
process.once("SIGINT", end);
process.once("SIGTERM", end);

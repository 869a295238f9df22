import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, runOrFail } from "../machine/run.ts";
import {
  endServer,
  spawnKept,
  spawnServer,
  untilUp,
  type ContainerRun,
  type EngineKind,
  type PulledImage,
} from "./container-engine.ts";

/** Each from Debian's package, with its own folders, so that nothing of the machine is touched. */
export const engineKinds: readonly EngineKind[] = [
  { name: "runc", tools: ["runc", "tar"], debianPackage: "runc", start: startRunc },
  { name: "containerd", tools: ["containerd", "ctr"], debianPackage: "containerd", start: startContainerd },
  { name: "podman", tools: ["podman", "runc"], debianPackage: "podman", start: startPodman },
  { name: "docker", tools: ["dockerd", "docker"], debianPackage: "docker.io", start: startDocker },
];

async function firstLine(command: readonly string[]): Promise<string> {
  return (await runOrFail(command)).trim().split("\n")[0] ?? "";
}

/** No engine at all: the layers one over the other, and what the configuration says as an OCI bundle. */
async function startRunc(folder: string): ReturnType<EngineKind["start"]> {
  const state = join(folder, "state");
  const bundleOf = ({ digest }: PulledImage): string => join(folder, digest.slice(-12));
  return {
    version: await firstLine(["runc", "--version"]),
    pull: async (image) => {
      const blob = async (digest: string): Promise<string> => join(image.layout, "blobs", "sha256", digest.slice(7));
      const manifest = JSON.parse(await readFile(await blob(image.digest), "utf8")) as {
        config: { digest: string };
        layers: { digest: string }[];
      };
      const root = join(bundleOf(image), "rootfs");
      await mkdir(root, { recursive: true });
      for (const layer of manifest.layers) {
        await runOrFail(["tar", "-xzpf", await blob(layer.digest), "-C", root]);
      }
      await writeFile(join(bundleOf(image), "image.json"), await readFile(await blob(manifest.config.digest)));
    },
    run: (image, { environment, name }) => {
      const bundle = bundleOf(image);
      const begun = writeBundle(bundle, environment).then(() =>
        spawnKept(["runc", "--root", state, "run", "--bundle", bundle, name]),
      );
      let said: () => string = () => "";
      void begun.then(({ output }) => (said = output));
      return {
        ended: begun.then(({ ended }) => ended),
        stop: async () => void (await runOrFail(["runc", "--root", state, "kill", name, "TERM"])),
        output: () => said(),
      };
    },
    close: async () => undefined,
  };
}

async function writeBundle(bundle: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const { config } = JSON.parse(await readFile(join(bundle, "image.json"), "utf8")) as {
    config: { User: string; Env: string[]; Entrypoint: string[]; Cmd?: string[]; WorkingDir: string };
  };
  const [uid = 0, gid = 0] = config.User.split(":").map(Number);
  const spec = {
    ociVersion: "1.0.2",
    process: {
      user: { uid, gid },
      args: [...config.Entrypoint, ...(config.Cmd ?? [])],
      env: [...config.Env, ...Object.entries(environment).map(([key, value]) => `${key}=${value}`)],
      cwd: config.WorkingDir,
      noNewPrivileges: true,
    },
    root: { path: "rootfs", readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
    ],
    linux: { namespaces: ["pid", "ipc", "uts", "mount"].map((type) => ({ type })) },
  };
  await writeFile(join(bundle, "config.json"), JSON.stringify(spec));
}

async function startContainerd(folder: string): ReturnType<EngineKind["start"]> {
  const socket = join(folder, "socket");
  const settings = join(folder, "config.toml");
  // Of its plugins the one for Kubernetes would look for a network configuration.
  await writeFile(settings, `version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n`);
  const folders = ["--root", join(folder, "root"), "--state", join(folder, "state")];
  const server = spawnServer(
    ["containerd", "--config", settings, ...folders, "--address", socket],
    join(folder, "log"),
  );
  const ctr = ["ctr", "--address", socket];
  await untilUp(server, "containerd", async () => (await run([...ctr, "version"])).code === 0);
  return {
    version: await firstLine(["containerd", "--version"]),
    pull: async ({ reference }) => void (await runOrFail([...ctr, "images", "pull", "--plain-http", reference])),
    run: ({ reference }, { environment, name }) => {
      const env = Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      const spawned = spawnKept([...ctr, "run", "--rm", "--net-host", "--read-only", ...env, reference, name]);
      return {
        ...spawned,
        stop: async () => void (await runOrFail([...ctr, "task", "kill", "--signal", "SIGTERM", name])),
      };
    },
    close: async () => endServer(server),
  };
}

async function startPodman(folder: string): ReturnType<EngineKind["start"]> {
  const folders = ["--root", join(folder, "root"), "--runroot", join(folder, "run"), "--tmpdir", join(folder, "tmp")];
  const podman = [
    "podman",
    ...folders,
    "--cgroup-manager",
    "cgroupfs",
    "--runtime",
    "runc",
    "--events-backend",
    "file",
  ];
  return {
    version: await firstLine(["podman", "--version"]),
    pull: async ({ reference }) =>
      void (await runOrFail([...podman, "pull", "--quiet", "--tls-verify=false", reference])),
    run: ({ reference }, { environment, name }) => {
      // Raising a limit is what a machine may forbid.
      const options = [
        "--name",
        name,
        "--network",
        "host",
        "--read-only",
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1024:1024",
        "--pull",
        "never",
      ];
      const env = Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      return stoppedByName(podman, ["run", ...options, ...env, reference], name);
    },
    close: async () => {
      await run([...podman, "rm", "--all", "--force"]);
      await run([...podman, "system", "reset", "--force"]);
    },
  };
}

async function startDocker(folder: string): ReturnType<EngineKind["start"]> {
  const socket = `unix://${join(folder, "socket")}`;
  const folders = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
  // Containers are on the machine's own network, whose rules stay as they are.
  const noNetwork = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"];
  const server = spawnServer(
    ["dockerd", ...folders, "--host", socket, "--pidfile", join(folder, "pid"), ...noNetwork],
    join(folder, "log"),
  );
  const docker = ["docker", "--host", socket];
  const isUp = async (): Promise<boolean> =>
    existsSync(join(folder, "socket")) && (await run([...docker, "info"])).code === 0;
  await untilUp(server, "dockerd", isUp);
  return {
    version: (await runOrFail([...docker, "version", "--format", "dockerd {{.Server.Version}}"])).trim(),
    pull: async ({ reference }) => void (await runOrFail([...docker, "pull", "--quiet", reference])),
    run: ({ reference }, { environment, name }) => {
      const options = ["--name", name, "--network", "host", "--read-only"];
      const env = Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      return stoppedByName(docker, ["run", ...options, ...env, reference], name);
    },
    close: async () => {
      await endServer(server);
      // It leaves the network namespace of the containers mounted.
      await run(["umount", join(folder, "exec", "netns", "default")]);
    },
  };
}

/** `stop` of both sends the signal that the image names, and kills only who does not end. */
function stoppedByName(program: readonly string[], words: readonly string[], name: string): ContainerRun {
  const spawned = spawnKept([...program, ...words]);
  return { ...spawned, stop: async () => void (await runOrFail([...program, "stop", "--time", "120", name])) };
}

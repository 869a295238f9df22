import { templateFlags } from "./command/data/flags.ts";
import { parseFlags } from "./command/flag-parser.ts";
import type { ParsedFlags } from "./command/flag-parser.ts";
import { HelmError } from "./errors.ts";

/** Where a chart is to be found: a folder, an archive, an OCI or HTTP address, or a name in a repository. */
export interface ChartReference {
  readonly reference: string;
  /** A version or a constraint; empty for the newest one. */
  readonly version: string;
  /** The address of a chart repository, or empty. */
  readonly repo: string;
  readonly username: string;
  readonly password: string;
  readonly plainHttp: boolean;
  readonly insecureSkipTlsVerify: boolean;
  readonly passCredentials: boolean;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Fetch declared dependencies that are not in `charts/`. */
  readonly dependencyUpdate: boolean;
}

/** What the arguments of `helm template` ask for. */
export interface TemplateRequest {
  readonly chart: ChartReference;
  /** The name given as an argument, or helm's default. */
  readonly releaseName: string;
  /** A template for the release's name, instead of `releaseName`; empty without one. */
  readonly nameTemplate: string;
  readonly namespace: string;
  readonly valuesFiles: readonly string[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setJson: readonly string[];
  readonly setLiteral: readonly string[];
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly isUpgrade: boolean;
  readonly includeCrds: boolean;
  readonly noHooks: boolean;
  readonly skipTests: boolean;
  readonly skipSchemaValidation: boolean;
  readonly showOnly: readonly string[];
  /** Print the notes too; `helm template` never does. */
  readonly notes: boolean;
  readonly subchartNotes: boolean;
  /** Write files here instead of printing; empty without. */
  readonly outputDir: string;
  /** Put the release's name into the path of those files. */
  readonly useReleaseName: boolean;
}

const defaultReleaseName = "release-name";

/** Reads the arguments that come after `helm template`. */
export function parseTemplateArguments(args: readonly string[]): TemplateRequest {
  const read = new FlagValues(parseFlags(args, templateFlags));
  refuseCluster(read.text("dryRun", "client"));
  const { releaseName, reference } = nameAndChart(read);
  const version = read.text("version");
  return {
    chart: {
      reference,
      version: version === "" && read.on("devel") ? ">0.0.0-0" : version,
      repo: read.text("repo"),
      username: read.text("username"),
      password: read.text("password"),
      plainHttp: read.on("plainHttp"),
      insecureSkipTlsVerify: read.on("insecureSkipTlsVerify"),
      passCredentials: read.on("passCredentials"),
      caFile: read.text("caFile"),
      certFile: read.text("certFile"),
      keyFile: read.text("keyFile"),
      dependencyUpdate: read.on("dependencyUpdate"),
    },
    releaseName,
    nameTemplate: read.positional.length === 1 ? read.text("nameTemplate") : "",
    namespace: read.text("namespace", "default"),
    valuesFiles: read.texts("valuesFiles"),
    set: read.texts("set"),
    setString: read.texts("setString"),
    setFile: read.texts("setFile"),
    setJson: read.texts("setJson"),
    setLiteral: read.texts("setLiteral"),
    kubeVersion: read.text("kubeVersion"),
    apiVersions: read.texts("apiVersions"),
    isUpgrade: read.on("isUpgrade"),
    includeCrds: read.on("includeCrds"),
    noHooks: read.on("noHooks"),
    skipTests: read.on("skipTests"),
    skipSchemaValidation: read.on("skipSchemaValidation"),
    showOnly: read.texts("showOnly"),
    notes: read.on("notes"),
    subchartNotes: read.on("subchartNotes"),
    outputDir: read.text("outputDir"),
    useReleaseName: read.on("useReleaseName"),
  };
}

/** Typed access to parsed flags. */
class FlagValues {
  readonly positional: readonly string[];
  readonly #values: ParsedFlags["values"];

  constructor(parsed: ParsedFlags) {
    this.positional = parsed.positional;
    this.#values = parsed.values;
  }

  on(key: string): boolean {
    return this.#values[key] === true;
  }

  text(key: string, fallback = ""): string {
    const value = this.#values[key];
    return typeof value === "string" && value !== "" ? value : fallback;
  }

  texts(key: string): readonly string[] {
    const value = this.#values[key];
    return typeof value === "object" ? value : [];
  }
}

/** `helm template` always renders for a client; the server's answers would need a cluster. */
function refuseCluster(dryRun: string): void {
  if (dryRun === "client" || dryRun === "unset" || dryRun === "true") return;
  if (dryRun === "server") {
    throw new HelmError("unsupported", "flag --dry-run=server can't be used: it asks a cluster");
  }
  throw new HelmError("usage", `invalid dry-run value (${JSON.stringify(dryRun)}). Must be "server" or "client"`);
}

function nameAndChart(read: FlagValues): { releaseName: string; reference: string } {
  const [first, second, ...more] = read.positional;
  if (first === undefined) {
    throw new HelmError(
      "usage",
      '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]',
    );
  }
  if (more.length > 0) {
    throw new HelmError("usage", `expected at most two arguments, unexpected arguments: ${more.join(", ")}`);
  }
  if (second === undefined) return { releaseName: defaultReleaseName, reference: first };
  if (read.on("generateName")) throw new HelmError("usage", "cannot set --generate-name and also specify a name");
  if (read.text("nameTemplate") !== "") {
    throw new HelmError("usage", "cannot set --name-template and also specify a name");
  }
  return { releaseName: first, reference: second };
}

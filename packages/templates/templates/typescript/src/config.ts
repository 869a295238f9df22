export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly shutdownSeconds: number;
}

/** From the environment; everything that is wrong with it is said at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const whole = (name: string, otherwise: number, max: number): number => {
    const text = env[name] ?? String(otherwise);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max) problems.push(`${name} is "${text}", expected a whole number up to ${max}`);
    return value;
  };
  const logLevel = env["LOG_LEVEL"] ?? "info";
  if (!["debug", "info", "warn", "error"].includes(logLevel)) {
    problems.push(`LOG_LEVEL is "${logLevel}", expected debug, info, warn or error`);
  }
  const config: Config = {
    host: env["HOST"] ?? "0.0.0.0",
    port: whole("PORT", 8080, 65_535),
    logLevel,
    shutdownSeconds: whole("SHUTDOWN_SECONDS", 45, 3_600),
  };
  if (problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\n`);
    process.exit(2);
  }
  return config;
}

/** What a command tells the person in front of it; standard output stays free for answers. */
export type Report = (line: string) => void;

export const reportToTerminal: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

export const reportNothing: Report = () => undefined;

/** 75 -> "1 min 15 s". */
export function spokenSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

const form =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+]([0-9]{2}):([0-9]{2}))| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?$/;

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether go-yaml reads the text as a date or a time. */
export function isTimestamp(text: string): boolean {
  const match = form.exec(text);
  if (match === null) {
    return false;
  }
  const part = (index: number): number => Number(match[index] ?? 0);
  const year = part(1);
  const month = part(2);
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const days = (daysOfMonth[month - 1] ?? 0) + leapDay;
  return (
    part(3) >= 1 &&
    part(3) <= days &&
    Math.max(part(4), part(9)) < 24 &&
    Math.max(part(5), part(10)) < 60 &&
    Math.max(part(6), part(11)) < 60 &&
    part(7) <= 24 &&
    part(8) <= 60
  );
}

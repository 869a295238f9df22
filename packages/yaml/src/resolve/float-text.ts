/**
 * Go's strconv.FormatFloat(value, 'g', -1, bits): the shortest digits that read back as the same value, with an exponent
 * of at least two digits below 1e-4 and from 1e+06 on.
 */
export function formatFloat(float: number, bits: 32 | 64): string {
  const value = bits === 32 ? Math.fround(float) : float;
  if (Number.isNaN(value)) {
    return ".nan";
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? ".inf" : "-.inf";
  }
  if (value === 0) {
    return Object.is(value, -0) ? "-0" : "0";
  }
  const scientific = bits === 64 ? value.toExponential() : shortest32(value);
  const split = scientific.indexOf("e");
  const mantissa = scientific.slice(0, split);
  const exponent = Number(scientific.slice(split + 1));
  if (exponent < -4 || exponent >= 6) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return placePoint(mantissa, exponent);
}

function shortest32(rounded: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = rounded.toExponential(digits);
    if (Math.fround(Number(text)) === rounded) {
      return tieToEven(rounded, digits) ?? text;
    }
  }
  return rounded.toExponential();
}

/** Half way between two digits Go takes the even one, JavaScript the larger one. */
function tieToEven(value: number, digits: number): string | undefined {
  const [mantissa = "", exponent = ""] = value.toExponential(20).split("e");
  const kept = mantissa.slice(0, mantissa.indexOf(".") + 1 + digits);
  const isTie = /^50*$/.test(mantissa.slice(kept.length));
  return isTie && Number(kept.at(-1)) % 2 === 0 ? `${kept}e${exponent}` : undefined;
}

function placePoint(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith("-");
  const digits = mantissa.replace("-", "").replace(".", "");
  const sign = negative ? "-" : "";
  if (exponent < 0) {
    return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  }
  if (digits.length <= exponent + 1) {
    return sign + digits + "0".repeat(exponent + 1 - digits.length);
  }
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

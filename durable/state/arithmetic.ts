// Exponential and logarithm from +, -, * and / alone. `Math.pow` and `Math.log` may differ in the last bit between
// Node and workerd, and then the offline fold would not be the stream's byte for byte.

const { LN2 } = Math;

/** Beyond this many halvings a weight is nothing (below 1e-18 of what it was). */
const MAX_HALVINGS = 60;

/** 1/14! down to 1/0!: the Taylor series of exp, below 1e-14 in error for arguments within ln 2. */
const INVERSE_FACTORIALS: readonly number[] = inverseFactorials(14);

/** 1/29, 1/27 down to 1/1: the series of artanh(x) / x, below 1e-15 in error for arguments within 1/3. */
const INVERSE_ODDS: readonly number[] = Array.from({ length: 15 }, (_, i) => 1 / (29 - 2 * i));

/** 2^-x for x >= 0. */
export function halve(x: number): number {
  if (x <= 0) return 1;
  if (x >= MAX_HALVINGS) return 0;
  const whole = Math.floor(x);
  const argument = (whole - x) * LN2;
  let sum = 0;
  for (const coefficient of INVERSE_FACTORIALS) sum = sum * argument + coefficient;
  for (let i = 0; i < whole; i++) sum *= 0.5;
  return sum;
}

/** ln(1 + x) for x >= 0, by the series of artanh over a mantissa in [1, 2). */
export function log1p(x: number): number {
  if (!(x > 0)) return 0;
  let mantissa = 1 + x;
  let exponent = 0;
  while (mantissa >= 2 && exponent < 1100) {
    mantissa *= 0.5;
    exponent++;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (const coefficient of INVERSE_ODDS) sum = sum * square + coefficient;
  return 2 * ratio * sum + exponent * LN2;
}

function inverseFactorials(degree: number): number[] {
  const values = [1];
  let factorial = 1;
  for (let k = 1; k <= degree; k++) {
    factorial *= k;
    values.unshift(1 / factorial);
  }
  return values;
}

/** Stirling's series after shifting up to 10 or more; relative error below 1e-12 for x > 0. */
export function logGamma(x: number): number {
  let shift = 0;
  let large = x;
  for (; large < 10; large += 1) shift -= Math.log(large);
  const inverse = 1 / large;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return shift + (large - 0.5) * Math.log(large) - large + 0.5 * Math.log(2 * Math.PI) + series;
}

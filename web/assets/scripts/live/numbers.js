// Numbers as people write them. The browser counts in binary fractions, the server in decimal ones: what comes out of a
// calculation here is brought back to the decimal number it stands for, which up to 15 digits is always possible.
const DIGITS = 15;

// 0.1 + 0.2 is 0.3; what is no number stays as it is.
export function exact(value) {
  if (typeof value !== "number") return value;
  if (!Number.isFinite(value)) throw new RangeError("beyond the numbers of a browser");
  return Number(value.toPrecision(DIGITS));
}

// More digits than can be kept here: whoever reads such a number is left to the server.
export function isTooLong(text) {
  return text.replace(/^[+-]?0*\.?0*/, "").replace(".", "").replace(/0+$/, "").length > DIGITS;
}

// 12.340 -> { units: 1234n, scale: 2 }: the number is units / 10 ** scale.
function parts(value) {
  const [plain, power = "0"] = String(value).split("e");
  const [whole, fraction = ""] = plain.split(".");
  const scale = fraction.length - Number(power);
  const units = BigInt(whole + fraction);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

const number = ({ units, scale }) => Number(`${units}e-${scale}`);

function together(values) {
  const all = values.map(parts);
  const scale = Math.max(...all.map((each) => each.scale));
  return { scale, units: all.map((each) => each.units * 10n ** BigInt(scale - each.scale)) };
}

export function sum(values) {
  const { scale, units } = together(values);
  return number({ scale, units: units.reduce((left, right) => left + right) });
}

export function modulo(dividend, divisor) {
  const { scale, units: [left, right] } = together([dividend, divisor]);
  const rest = left % right;
  return number({ scale, units: rest !== 0n && (rest < 0n) !== (right < 0n) ? rest + right : rest });
}

// What becomes of the last kept digit: `half` compares the dropped part with one half (-1, 0, 1).
const AWAY = {
  up: (half, odd, dropped) => dropped,
  down: () => false,
  "half up": (half) => half >= 0,
  "half down": (half) => half > 0,
  "half even": (half, odd) => half > 0 || (half === 0 && odd),
  floor: (half, odd, dropped, negative) => dropped && negative,
  ceiling: (half, odd, dropped, negative) => dropped && !negative,
};

export function round(value, places, mode) {
  const { units, scale } = parts(value);
  if (scale <= places) return { units: units * 10n ** BigInt(places - scale), scale: places };
  const divisor = 10n ** BigInt(scale - places), negative = units < 0n;
  const size = negative ? -units : units;
  const kept = size / divisor, dropped = size % divisor;
  const half = dropped * 2n < divisor ? -1 : dropped * 2n === divisor ? 0 : 1;
  const rounded = AWAY[mode](half, kept % 2n === 1n, dropped > 0n, negative) ? kept + 1n : kept;
  return { units: negative ? -rounded : rounded, scale: places };
}

export const rounded = (value, places, mode) => {
  const { units, scale } = round(value, Math.max(places, -DIGITS), mode);
  return scale >= 0 ? number({ units, scale }) : Number(`${units}e${-scale}`);
};

function written({ units, scale }, separators) {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale), fraction = digits.slice(digits.length - scale);
  const grouped = separators ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return (units < 0n ? "-" : "") + grouped + (scale ? "." + fraction : "");
}

// All digits and no exponent; with separators as it is read, without as it is typed.
export const plain = (value, separators = false) => written(parts(value), separators);

// As money is shown: so many places, half up.
export const fixed = (value, places) => written(round(value, places, "half up"), true);

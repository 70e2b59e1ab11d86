/**
 * Write numbers and products as Python does: vizgraph/notation/numbers.py, vizgraph/telling/formulas.py and the holes of
 * vizgraph/telling/holes.py. The tests hold every function here against its model there.
 */

const ELLIPSIS = "…";
const VALUE_WIDTH = 28;
const CARD_WIDTH = 600;
const SUM_WIDTH = 72;
const MOST_ADDENDS = 12;
const LEAST_ENTRY = 3; // characters of an entry with its comma and blank
const WHOLE_BELOW = 1000000; // up to here whole numbers are written out
const HOLE = { open: "\ue000", close: "\ue001", bar: "\ue002" };

/** The number with four significant digits, halves to the even digit. */
export function brief(number) {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1000 && size < WHOLE_BELOW) return String(toEven(number));
  return general(number);
}

function toEven(number) {
  const low = Math.floor(number);
  const rest = number - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** What Python writes for `{number:.4g}`, or for another number of digits. */
function general(number, digits = 4) {
  let [figures, power] = number.toExponential(digits - 1).split("e");
  const [exact] = number.toExponential(24).split("e"); // a tie is exact, and at most that long
  const end = exact.indexOf(".") + digits;
  if (/^50*$/.test(exact.slice(end)) && Number(exact[end - 1]) % 2 === 0) figures = exact.slice(0, end);
  const exponent = Number(power);
  const short = figures.includes(".") ? figures.replace(/\.?0+$/, "") : figures;
  if (exponent < -4 || exponent >= digits) {
    const places = String(Math.abs(exponent)).padStart(2, "0");
    return `${short}e${exponent < 0 ? "-" : "+"}${places}`;
  }
  const fixed = Number(`${figures}e${power}`).toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

/** The number with two significant digits, if its power of ten is written out. */
function rough(number) {
  const text = brief(number);
  return text.includes("e") ? general(number, 2) : text;
}

const product = (sizes) => sizes.reduce((all, size) => all * size, 1);

/** A value {shape, entries} in at most about `width` characters: all entries, some of them, or a summary. */
export function show(value, width, words = {}) {
  const { shape, entries } = value;
  if (!shape.length) return brief(entries[0]);
  if (LEAST_ENTRY * entries.length <= width + LEAST_ENTRY) {
    const whole = nest(entries.map(brief), shape);
    if (whole.length <= width) return whole;
  }
  const last = shape[shape.length - 1];
  if (shape.length > 2 || LEAST_ENTRY * last * (shape.length - 1) > width) return summary(value, width, words);
  return shorten(entries, shape, width) ?? summary(value, width, words);
}

function nest(texts, sizes) {
  if (!sizes.length) return texts[0];
  const block = sizes[0] ? Math.floor(texts.length / sizes[0]) : 0;
  const inner = Array.from({ length: sizes[0] }, (_, i) => nest(texts.slice(i * block, (i + 1) * block), sizes.slice(1)));
  return `[${inner.join(", ")}]`;
}

function shorten(entries, sizes, width) {
  const step = product(sizes.slice(1));
  const item = (i) => nest(entries.slice(i * step, (i + 1) * step).map(brief), sizes.slice(1));
  const kept = [];
  let text = null;
  for (let i = 0; i < sizes[0] - 2; i++) {
    kept.push(item(i));
    const longer = `[${[...kept, ELLIPSIS, item(sizes[0] - 1)].join(", ")}]`;
    if (longer.length > width) break;
    text = longer;
  }
  return text;
}

/** `3×4`, "7 entries" for a vector. */
function sizeText({ shape }, words) {
  if (shape.length === 1) return (words["number.entries"] ?? "{count}").replace("{count}", String(shape[0]));
  return shape.join("×");
}

function summary(value, width, words) {
  const numbers = value.entries.filter((entry) => !Number.isNaN(entry));
  const size = sizeText(value, words);
  if (!numbers.length) return size;
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  const texts = [brief, rough].map((write) => rangeText(size, ...ends.map(write), words));
  if (ends[0] !== ends[1]) texts.push(ends.map(rough).join(` ${ELLIPSIS} `));
  return texts.find((text) => text.length <= width) ?? size;
}

function rangeText(size, low, high, words) {
  if (low !== high) return `${size}, ${low} ${ELLIPSIS} ${high}`;
  return (words["number.all"] ?? "{shape}, {number}").replace("{shape}", size).replace("{number}", low);
}

// --- values inside formulas -----------------------------------------------------------------------

const isSummary = (value, text) => value.shape.length > 0 && !text.startsWith("[");

const bracketed = (written) => (written.startsWith("-") ? `(${written})` : written);

/** One writer for each letter of a hole that names one quantity. */
const WRITERS = {
  t: (value, words) => show(value, VALUE_WIDTH, words),
  o: (value, words) => {
    const text = show(value, VALUE_WIDTH, words);
    return isSummary(value, text) ? `(${sizeText(value, words)})` : text;
  },
  e: (value, words) => {
    const text = show(value, VALUE_WIDTH, words);
    return isSummary(value, text) ? `(${text})` : text;
  },
  s: (value, words) => {
    const text = WRITERS.e(value, words);
    return text.startsWith("-") ? text : `+${text}`;
  },
  c: (value, words) => show(value, CARD_WIDTH, words).replaceAll("], [", "],\n ["),
};

/** `0.6 + 0.2 + 0.3`, the middle ones left out where there are many. */
function summands(values, words) {
  const operands = values.map((value) => WRITERS.o(value, words));
  let kept = Math.min(operands.length, MOST_ADDENDS);
  const texts = operands.slice(0, kept).map((text, i) => (i ? bracketed(text) : text));
  const last = bracketed(operands[operands.length - 1]);
  let written = (kept === operands.length ? texts : [...texts.slice(0, -1), ELLIPSIS, last]).join(" + ");
  while (written.length > SUM_WIDTH && kept > 2) {
    kept -= 1;
    written = [...texts.slice(0, kept - 1), ELLIPSIS, last].join(" + ");
  }
  return written;
}

// --- holes ----------------------------------------------------------------------------------------

/** Whether there is a hole in a text. */
export const isOpen = (text) => typeof text === "string" && text.includes(HOLE.open);

/** The text with every hole filled; `quantity(i)` is the value {shape, entries} of that number. */
export function fillHoles(text, quantity, words = {}) {
  let place = 0;
  /** Read up to the end of this hole: its parts, the holes inside them filled. */
  const parts = () => {
    const found = [""];
    while (place < text.length) {
      const sign = text[place++];
      if (sign === HOLE.close) break;
      if (sign === HOLE.bar) found.push("");
      else found[found.length - 1] += sign === HOLE.open ? hole() : sign;
    }
    return found;
  };
  const hole = () => {
    const kind = text[place++];
    const found = parts();
    if (kind in WRITERS) return WRITERS[kind](quantity(Number(found[0])), words);
    if (kind === "b") return bracketed(found[0]);
    if (kind === "S") return summands(found.map((number) => quantity(Number(number))), words);
    if (kind === "f") return fitting(Number(found[0]), found[1], found.slice(2));
    if (kind === "?") return quantity(Number(found[0])).entries[0] === 1 ? found[1] : found[2];
    return "";
  };
  let filled = "";
  while (place < text.length) {
    const sign = text[place++];
    filled += sign === HOLE.open ? hole() : sign;
  }
  return filled;
}

/** The first choice with room, else the last. */
function fitting(least, final, choices) {
  const room = Math.max(least, final.length);
  return choices.slice(0, -1).find((choice) => choice.length <= room) ?? choices[choices.length - 1];
}

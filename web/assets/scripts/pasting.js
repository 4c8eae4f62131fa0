// Pasting into a form: a block of cells goes over the rows of a table, anything else into the field it is pasted in.
// What does not fit is told where it was pasted, and what was overwritten can be had back.
import { cellsOf, isBlock } from "./block.js";
import { isAsKept, isDay, keep, mend, putBack, write } from "./cells.js";
import { addRows, removeRows, tell } from "./rows.js";

// More rows than this nobody looks through on a page.
const MOST_ROWS = 2000;
// So many of the rows that were not taken are named.
const NAMED = 3;

export function watchPasting(form) {
  const say = sayer(JSON.parse(form.dataset.pasting));
  // the last paste, while nothing else was typed since
  let last = null;

  form.addEventListener("paste", (event) => {
    const field = event.target.closest?.("[name]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field || field.closest(".pick") || text.trim() === "") return;
    const cell = field.closest("table[data-rows] td");
    const cells = cellsOf(text);
    if (cell && isBlock(cells, field, event.clipboardData.getData("text/html"))) {
      event.preventDefault();
      last = pasteBlock(form, cell, cells, say);
    } else if (!isTyped(field)) {
      event.preventDefault();
      last = pasteOne(form, field, oneOf(cells, text), say);
    } else if (isOne(cells) && cells[0][0] !== text) {
      event.preventDefault();
      insert(field, cells[0][0]);
    }
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo-paste]")) last = undo(form, event.target.closest("[data-pasted]").undone);
  });
  form.addEventListener("keydown", (event) => {
    if (!last || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    last = undo(form, last);
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (isTelling || !target.name) return;
      last = null;
      mend(target, kind === "change");
      complain(homeOf(target), "");
    });
  }
}

// While a paste is told to the rest of the page: nobody types.
let isTelling = false;

function tellOf(field) {
  isTelling = true;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  isTelling = false;
}

const isOne = (cells) => cells.length === 1 && cells[0].length === 1;
const oneOf = (cells, text) => (isOne(cells) ? cells[0][0] : text).trim();
const isTyped = (field) => field.tagName === "TEXTAREA" || (field.type === "text" && !isDay(field));

// As if it were typed: the browser itself can take it back.
function insert(field, text) {
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const homeOf = (control) => control.closest("table[data-rows] td") ?? control.closest("[data-field]");

function pasteOne(form, field, text, say) {
  const home = homeOf(field);
  const before = keep(home);
  const wrong = write(home, text);
  complain(home, wrong && say.wrong(wrong, text, labelOf(home)));
  tellOf(field);
  return { cells: [{ before, after: keep(home) }], added: [], focus: field, path: null };
}

function complain(home, words) {
  home?.querySelector(":scope > [data-paste-fault]")?.remove();
  if (!words) return;
  const line = Object.assign(document.createElement("p"), { className: "fault", role: "alert", textContent: words });
  line.dataset.pasteFault = "";
  home.append(line);
}

// The heading without what stands behind it: a mark, a unit.
function labelOf(home) {
  const label = home.dataset.label ?? home.querySelector("label, .label")?.firstChild?.textContent ?? "";
  return label.replace(/\s*\*$/, "").trim();
}

function pasteBlock(form, cell, cells, say) {
  const table = cell.closest("table"), path = table.dataset.rows;
  const columns = fillable(cell.parentElement);
  const left = columns.indexOf(cell), top = cell.parentElement.sectionRowIndex;
  const width = cells.reduce((widest, row) => Math.max(widest, lastFilled(row) + 1), 0);
  if (left + width > columns.length) {
    // half of a block would be as wrong as one in the wrong columns
    note(table, [say("wide", { columns: width, label: labelOf(cell), room: columns.length - left })], null, say);
    return null;
  }
  const there = table.tBodies[0].rows.length;
  const mayAdd = form.querySelector(`template[data-row-of="${CSS.escape(path)}"]`) !== null;
  const room = (mayAdd ? Math.max(MOST_ROWS, there) : there) - top;
  // rows without anything in them empty those that are there, and add none
  const wanted = Math.max(lastFilledRow(cells) + 1, Math.min(cells.length, there - top));
  const taken = cells.slice(0, Math.min(wanted, room));
  const added = addRows(form, path, Math.max(0, top + taken.length - there));
  const told = over([...table.tBodies[0].rows].slice(top), taken, left, say);
  const done = { ...told, added: added.map((row) => ({ row, after: keep(row) })), focus: cell.querySelector("[name]"), path };
  note(table, [say("filled", { count: told.filled }), ...rest(cells, taken, room, told, say)], done, say);
  tell(form, path);
  return done;
}

function over(rows, taken, left, say) {
  const told = { cells: [], filled: 0, wrong: 0, given: 0 };
  taken.forEach((values, down) => {
    const homes = fillable(rows[down]);
    values.forEach((value, right) => {
      const home = homes[left + right], text = value.trim();
      if (!home) return; // an empty cell beyond the last column
      const before = keep(home), wrong = write(home, text);
      if (wrong === "given") {
        told.given += text !== "" && home.textContent.trim() !== text ? 1 : 0;
        return;
      }
      told.cells.push({ before, after: keep(home) });
      told.filled += text === "" || wrong.words ? 0 : 1;
      told.wrong += wrong ? 1 : 0;
      complain(home, wrong && say.wrong(wrong, text, labelOf(home)));
    });
  });
  return told;
}

function rest(cells, taken, room, { wrong, given }, say) {
  const missed = cells.slice(taken.length).filter((row) => lastFilled(row) >= 0);
  const which = missed.slice(0, NAMED).map((row) => row.map((each) => each.trim()).filter(Boolean).join(" "));
  const more = missed.length > NAMED ? "…" : "";
  return [
    missed.length ? say("long", { room, count: missed.length, which: which.join(say("between")) + more }) : "",
    wrong ? say("strange", { count: wrong }) : "",
    given ? say("given", { count: given }) : "",
  ].filter(Boolean);
}

const fillable = (row) => [...row.cells].filter((cell) => "label" in cell.dataset && !cell.hidden);
const lastFilled = (row) => row.findLastIndex((cell) => cell.trim() !== "");
const lastFilledRow = (rows) => rows.findLastIndex((row) => lastFilled(row) >= 0);

function note(table, lines, done, say) {
  const place = table.closest(".scroll-x");
  place.parentElement.querySelector(":scope > [data-pasted]")?.remove();
  const box = Object.assign(document.createElement("p"), { className: "pasted no-print", role: "status" });
  box.dataset.pasted = table.dataset.rows;
  box.undone = done;
  box.classList.toggle("caution", lines.length > 1 || !done);
  place.after(box);
  box.append(lines.join(" "));
  if (!done) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: say("undo") });
  button.dataset.undoPaste = "";
  box.append(" ", button);
}

// Only what still stands as it was pasted: what somebody has typed since is theirs.
function undo(form, done) {
  const gone = done.added.filter(({ after }) => isAsKept(after)).map(({ row }) => row);
  for (const { before, after } of done.cells) {
    if (!isAsKept(after)) continue;
    putBack(before);
    complain(homeOf(after[0].control), "");
  }
  if (done.path === null) {
    tellOf(done.focus);
  } else {
    removeRows(form, done.path, gone);
    form.querySelector(`[data-pasted="${CSS.escape(done.path)}"]`)?.remove();
    tell(form, done.path);
  }
  done.focus.focus();
  return null;
}

// The words come with the page, in its language; {name} stands for a fact.
function sayer(words) {
  const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (hole, name) => facts[name] ?? hole);
  say.wrong = (wrong, text, label) => {
    if (wrong === "day") return say("no_day", { text });
    const strangers = wrong.words ?? [text];
    return say("no_choice", { text: strangers.join(say("between")), label });
  };
  return say;
}

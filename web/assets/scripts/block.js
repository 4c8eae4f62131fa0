// Text of the clipboard as cells, the way Excel and WPS write it: cells stand between tabs, rows end with CRLF, and a
// cell that has line breaks of its own stands in quotes.
const QUOTED = /"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|$)/y;
const PLAIN = /[^\t\r\n]*/y;
const STOP = /\t|\r\n?|\n/y;

// An empty cell is a cell, and an empty row a row: what stands below keeps its place.
export function cellsOf(text) {
  const rows = [[]];
  for (let at = 0; ; ) {
    const { cell, end } = cellAt(text, at);
    rows.at(-1).push(cell);
    const stop = next(STOP, text, end);
    if (!stop) return rows;
    at = end + stop[0].length;
    if (stop[0] === "\t") continue;
    if (at >= text.length) return rows; // the end of the last row begins no other
    rows.push([]);
  }
}

function cellAt(text, at) {
  const quoted = next(QUOTED, text, at);
  // Excel puts nothing else in quotes: "甲" without a line break is what somebody wrote
  if (quoted && /[\t\r\n]/.test(quoted[1])) {
    return { cell: quoted[1].replaceAll('""', '"').replace(/\r\n?/g, "\n"), end: at + quoted[0].length };
  }
  const [cell] = next(PLAIN, text, at);
  return { cell, end: at + cell.length };
}

function next(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

// Whether a text goes over several cells when it is pasted into this field. A field of one line takes no line breaks,
// so several lines are several rows; a field of many lines takes paragraphs, so there only a table counts: by its own
// markup where the clipboard has that, else by its tabs.
export function isBlock(cells, field, html) {
  const isOne = cells.length === 1 && cells[0].length === 1;
  if (isOne || !field.matches("textarea")) return !isOne;
  const hasTabs = cells.some((row) => row.length > 1);
  if (!html) return hasTabs;
  const rows = new DOMParser().parseFromString(html, "text/html").querySelectorAll("tr").length;
  return rows > 0 && (hasTabs || rows === cells.length);
}

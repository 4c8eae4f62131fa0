// Yes and no as people and Excel write them, by the rules of the server (forms/coercion.py).
const YES = new Set(["true", "yes", "y", "是", "1", "√", "✓", "✔", "☑"]);
const NO = new Set(["false", "no", "n", "否", "0", "×", "✗", "✘", "☐"]);

// True, false, or null for other words.
export function truthOf(text) {
  const said = text.normalize("NFKC").trim().toLowerCase();
  return YES.has(said) ? true : NO.has(said) ? false : null;
}

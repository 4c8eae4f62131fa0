// Attaching files: each is sent at once, and a row that names it is added; the form itself carries only the name.
import { addRow, tell } from "./rows.js";

export function watchFiles(form) {
  form.addEventListener("change", async (event) => {
    const picker = event.target;
    if (!picker.matches("[data-attach]")) return;
    event.stopPropagation();
    const told = picker.closest(".rows-foot").querySelector("[data-attach-told]");
    const refused = [];
    for (const file of [...picker.files]) {
      told.textContent = `${picker.dataset.sending} ${file.name}`;
      const answer = await send(form, picker, file);
      if (answer.upload) place(form, picker, answer);
      else refused.push(answer.refused ?? `“${file.name}”${picker.dataset.failed}`);
    }
    picker.value = "";
    told.textContent = refused.join(" ");
    told.classList.toggle("fault", refused.length > 0);
  });
}

// A file over the limit is not sent at all: the server stops reading it, and a browser that is still sending may not
// hear why. What is let through here and refused there (a limit that has changed since) is told in the same words.
async function send(form, picker, file) {
  const tooLarge = { refused: picker.dataset.tooLarge.replace("{name}", () => file.name) };
  if (file.size > Number(picker.dataset.largest)) return tooLarge;
  const body = new FormData();
  body.append("field", picker.dataset.attach);
  body.append("file", file);
  const headers = { "X-CSRF-Token": form.elements.csrf_token.value, Accept: "application/json" };
  try {
    const answer = await fetch(picker.dataset.address, { method: "POST", body, headers });
    return answer.status === 413 ? tooLarge : await answer.json();
  } catch {
    return {};
  }
}

// As the server shows it.
function sizeOf(bytes) {
  const kilobytes = bytes / 1024;
  return kilobytes < 1000 ? `${Math.max(1, Math.round(kilobytes))} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

// Into the first row with nothing in it, or a new one.
function place(form, picker, answer) {
  const path = picker.dataset.attach;
  const table = form.querySelector(`table[data-rows="${CSS.escape(path)}"]`);
  const isBlank = (row) => [...row.querySelectorAll("[name]")].every((input) => input.value.trim() === "");
  const row = [...table.tBodies[0].rows].find(isBlank) ?? addRow(form, path);
  for (const input of row.querySelectorAll("[name]")) {
    const column = input.name.slice(input.name.lastIndexOf("/") + 1);
    if (column in answer) input.value = answer[column];
    if (column === "size_bytes") input.closest("td").querySelector("[data-size]").textContent = sizeOf(answer.size_bytes);
    if (column === "upload") {
      const link = Object.assign(document.createElement("a"), { href: answer.address, textContent: picker.dataset.download });
      link.setAttribute("download", "");
      input.before(link);
    }
  }
  tell(form, path);
}

// Buttons that open and close a dialog by its id.
export function watchDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
  root.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());
}

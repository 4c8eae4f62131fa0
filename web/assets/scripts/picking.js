// Ticking what is signed together: on the list how many are ticked, and that they are of one step; on the page of the
// batch how many are sent. Without this script the server says the same.
export function watchPicking(root) {
  // what needs a script shows only where one runs
  root.documentElement.dataset.scripted = "";
  root.addEventListener("change", (event) => event.target.matches("[data-step]") && tell(event.target.form));
  root.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (!pick) return;
    for (const box of boxes(pick.form)) box.checked = box.dataset.step === pick.dataset.pick;
    tell(pick.form);
  });
  // a list that was searched anew is another one, and coming back may bring ticks along
  const again = () => root.querySelectorAll("form[data-picking]").forEach(tell);
  new MutationObserver(again).observe(root.querySelector("main"), { childList: true, subtree: true });
  addEventListener("pageshow", again);
  again();
}

function boxes(form) {
  return [...form.querySelectorAll("[data-step]")];
}

function tell(form) {
  const bar = form.querySelector("[role=status]"), ticked = boxes(form).filter((box) => box.checked);
  const isMixed = new Set(ticked.map((box) => box.dataset.step)).size > 1, isBeyond = ticked.length > Number(bar.dataset.most);
  const words = isMixed ? bar.dataset.mixed : isBeyond ? bar.dataset.beyond : bar.dataset.picked;
  const told = words.replace("{count}", ticked.length);
  // what is said again is not read out again
  if (bar.textContent !== told) bar.textContent = told;
  bar.classList.toggle("wrong", isMixed || isBeyond);
  form.querySelector("[data-go]").disabled = !ticked.length || isMixed || isBeyond;
}

export function watchBatch(form) {
  const ticks = [...form.querySelectorAll("[name=item]")], send = form.querySelector("[data-count]");
  if (!send) return;
  const tellCount = () => {
    const count = ticks.filter((box) => box.checked).length;
    send.textContent = send.dataset.count.replace("{count}", count);
    send.disabled = !count;
  };
  form.addEventListener("change", tellCount);
  form.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    for (const box of ticks) box.checked = tick.dataset.tick === "all";
    ticks[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
  // one act: a second click while the answer is on its way sends nothing
  form.addEventListener("submit", (event) => {
    if ("sending" in form.dataset) event.preventDefault();
    form.dataset.sending = "";
  });
  addEventListener("pageshow", () => {
    delete form.dataset.sending;
    tellCount();
  });
  tellCount();
}

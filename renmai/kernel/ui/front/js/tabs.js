// Tabs within a page: the arrow keys walk, the chosen tab shows the part it controls.
function choose(tab) {
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  for (const other of tabs) {
    const part = document.getElementById(other.getAttribute("aria-controls"));
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    if (part.matches('[role="tabpanel"]')) part.hidden = !on;
    else part.classList.toggle("shown", on);
  }
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest('[role="tab"]');
  if (tab) choose(tab);
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !event.target.matches('[role="tab"]')) return;
  const tabs = [...event.target.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  next.focus();
  choose(next);
});

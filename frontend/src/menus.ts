// <details class="menu"> opens without a script; with one it also closes on Escape and on a click elsewhere.

function close(menu: HTMLDetailsElement, returnFocus: boolean): void {
  menu.open = false;
  if (returnFocus) menu.querySelector<HTMLElement>("summary")?.focus();
}

export function closeMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target as Node)) close(menu, false);
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach((menu) => close(menu, true));
  });
}

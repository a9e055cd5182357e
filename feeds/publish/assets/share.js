// Copies the address or the citation that stands beside a button. Without this script both can be selected by hand.

const buttons = document.querySelectorAll("[data-copy]");
const status = document.querySelector("#copied");

if (navigator.clipboard) {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        status.textContent = status.dataset.copied;
      } catch {
        getSelection().selectAllChildren(document.querySelector("#citation"));
      }
    });
  }
}

// Pays on this page with Stripe's Payment Element. Nothing of Stripe is loaded before the button was pressed, and
// whatever fails before its form is there ends on Stripe's own page, where the button leads without this script.
(() => {
  const start = document.querySelector("form[data-key]");
  const pay = document.querySelector("#pay-form");
  const alert = document.querySelector("#pay-problem");
  const [begin, finish] = [start, pay].map((form) => form.querySelector("button[type=submit]"));
  const READY_MS = 20_000;

  const wait = (button, on) => {
    button.setAttribute("aria-busy", String(on));
    button.disabled = on;
  };
  const elsewhere = () => start.submit();
  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  const look = () => {
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    // Stripe reads colours in hexadecimal only; the theme brings the rest
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return { theme: dark ? "night" : "stripe", variables: { borderRadius: "12px", colorPrimary: colour("--hex") } };
  };

  async function open() {
    const answer = await fetch(`${location.pathname.replace(/\/$/, "")}/intent`, { method: "POST" });
    // Paid or withdrawn meanwhile: the page itself says so
    if (answer.status === 410) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const { client_secret: clientSecret } = await answer.json();
    await load(start.dataset.script);
    const stripe = window.Stripe(start.dataset.key);
    const elements = stripe.elements({ clientSecret, appearance: look(), locale: document.documentElement.lang });
    const element = elements.create("payment", { layout: "accordion" });
    await new Promise((resolve, reject) => {
      element.on("ready", resolve);
      element.on("loaderror", reject);
      setTimeout(reject, READY_MS);
      pay.hidden = false;
      element.mount("#pay-element");
    });
    start.hidden = true;
    element.focus();
    pay.addEventListener("submit", async (event) => {
      event.preventDefault();
      wait(finish, true);
      alert.textContent = "";
      const back = `${location.origin}${location.pathname}?zurueck=1`;
      const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: back } });
      // Without an error the browser is on its way already
      if (error) alert.textContent = error.message ?? alert.dataset.failed;
      wait(finish, false);
    });
  }

  start.addEventListener("submit", (event) => {
    event.preventDefault();
    wait(begin, true);
    open().catch(elsewhere);
  });
  document.querySelector("#pay-elsewhere").addEventListener("click", elsewhere);
})();

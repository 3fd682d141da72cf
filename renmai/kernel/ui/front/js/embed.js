// The one line on somebody's page: <script src="…/f/KEY/embed.js" async></script>. The form stands where the line does, as tall as it is.
(() => {
  const line = document.currentScript;
  const address = new URL("./", line.src);
  const here = new URLSearchParams(location.search);
  const utm = [...here].filter(([name]) => name.startsWith("utm_") || name === "l");
  const told = [["embed", "1"], ["first_page", location.href], ["referrer", document.referrer], ...utm];
  if (document.documentElement.lang) told.push(["lang", document.documentElement.lang]);
  address.search = new URLSearchParams(told.filter(([, value]) => value));
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = line.dataset.title ?? "";
  frame.height = "480";
  frame.style.inlineSize = "100%";
  frame.style.border = "0";
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow && data?.renmaiForm) frame.height = String(data.renmaiForm);
  });
  line.after(frame);
})();

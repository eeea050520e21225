// Runs before the first paint, so that a dark page never flashes white.
// The build puts it into index.html, whose content policy names it by its hash.
(() => {
  let preference = null;
  try {
    preference = localStorage.getItem("parley:theme");
  } catch {
    // Storage may be forbidden; the system's choice stands then.
  }
  const dark =
    preference === "dark" ||
    (preference !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  // For the empty frame that stands until the page's own script is there.
  if (/^\/(sign-|share\/)/.test(location.pathname))
    document.documentElement.dataset.page = "sign-in";
})();

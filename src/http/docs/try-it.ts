// The docs page's only script, as text for the browser: remembers the keys for the tab, and sends a form's request.

export const TRY_IT = `
for (const input of document.querySelectorAll("[data-credential]")) {
  input.value = sessionStorage.getItem(input.dataset.credential) ?? "";
  input.addEventListener("input", () => sessionStorage.setItem(input.dataset.credential, input.value));
}
for (const form of document.querySelectorAll("form[data-path]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { method, path, credential, type } = form.dataset;
    const query = new URLSearchParams();
    let url = path;
    for (const input of form.querySelectorAll("[data-in]")) {
      if (input.dataset.in === "path") url = url.replace("{" + input.name + "}", encodeURIComponent(input.value));
      else if (input.value !== "") query.set(input.name, input.value);
    }
    if (query.size > 0) url += "?" + query;
    const headers = {};
    const secret = credential && sessionStorage.getItem(credential);
    if (secret) headers.authorization = "Bearer " + secret;
    if (type) headers["content-type"] = type;
    const body = form.elements.namedItem("body")?.value;
    const output = form.querySelector("pre");
    output.textContent = "...";
    const start = performance.now();
    try {
      const response = await fetch(url, { method, headers, body });
      const text = await response.text();
      const took = Math.round(performance.now() - start);
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
      const timing = response.headers.get("server-timing");
      output.textContent = response.status + " in " + took + " ms" + (timing ? "\\n" + timing : "") + "\\n\\n" + shown;
    } catch (error) {
      output.textContent = String(error);
    }
  });
}
`;

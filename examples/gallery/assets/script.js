// Adds to the pages what is impossible without a script: copy buttons, the sizes of the
// pictures, the reasons why pictures do not load, and drag and drop. Everything else works
// without it.
"use strict";

document.documentElement.classList.add("scripted");

// Copy buttons.

for (const actions of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  const hidden = document.createElement("span");
  const label = document.createTextNode("Copy");
  button.type = "button";
  button.className = "button";
  hidden.className = "hidden";
  const heading = actions.closest("figcaption")?.querySelector("h3")?.textContent;
  hidden.textContent = heading ? ` URL of ${heading}` : " JSON";
  button.append(label, hidden);
  button.addEventListener("click", async () => {
    const source = document.getElementById(actions.dataset.copy);
    label.data = (await copy(source)) ? "Copied" : "Select and copy";
    setTimeout(() => { label.data = "Copy"; }, 2000);
  });
  actions.append(button);
}

// Copies the text of an element. If the browser forbids that, selects the text.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    source.closest("details")?.setAttribute("open", "");
    getSelection().selectAllChildren(source);
    return false;
  }
}

// The size of a picture that has loaded, and the reason why a picture has not.

const NOT_FOUND = 404;

async function reason(url) {
  // A second request would add a second error to the console.
  if (performance.getEntriesByName(url).at(-1)?.responseStatus === NOT_FOUND) {
    return { isMissing: true };
  }
  try {
    const response = await fetch(url, { cache: "no-store" });
    if (response.ok) {
      return { text: "The file is not a picture that this browser can show." };
    }
    const text = response.headers.get("X-Cld-Error") ?? response.statusText;
    return { text: `${response.status}: ${text}`, isMissing: response.status === NOT_FOUND };
  } catch {
    return { text: "The delivery network does not respond." };
  }
}

async function explain(image) {
  const { text, isMissing } = await reason(image.currentSrc || image.src);
  const note = document.createElement("span");
  forget(image);
  if (isMissing) {
    note.className = "absent";
    note.textContent = "No original file";
    image.hidden = true;
    image.after(note);
    return;
  }
  note.className = "alarm";
  note.setAttribute("role", "status");
  note.textContent = text;
  const place = image.closest(".card")?.querySelector(".text") ?? image.parentElement;
  place.append(note);
}

// Removes what explains an earlier failure.
function forget(image) {
  const place = image.closest(".card") ?? image.parentElement;
  place.querySelector(".absent, .alarm")?.remove();
  image.hidden = false;
}

function measure(image) {
  forget(image);
  const size = image.closest("figure")?.querySelector("[data-size]");
  if (size) {
    size.textContent = ` · ${image.naturalWidth} × ${image.naturalHeight}`;
  }
}

document.addEventListener("load", (event) => {
  if (event.target instanceof HTMLImageElement) {
    measure(event.target);
  }
}, true);
document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) {
    explain(event.target);
  }
}, true);
for (const image of document.images) {
  if (image.complete && image.currentSrc) {
    image.naturalWidth > 0 ? measure(image) : explain(image);
  }
}

// Uploads of several files, each with its own form, because a form expires.

const form = document.querySelector("form.upload");

async function upload(file) {
  const signed = await fetch("/gallery/form");
  if (!signed.ok) {
    throw new Error(`there is no upload form (${signed.status})`);
  }
  const { url, fields } = await signed.json();
  const body = new FormData();
  for (const [name, value] of fields) {
    body.append(name, value);
  }
  body.append("file", file);
  const response = await fetch(url, { method: "POST", body });
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({}));
    throw new Error(error?.message ?? `status ${response.status}`);
  }
}

const waiting = [];
let isUploading = false;

// Uploads files. Files that are dropped during an upload wait for it.
async function uploadAll(files) {
  waiting.push(...files);
  if (isUploading || waiting.length === 0) {
    return;
  }
  isUploading = true;
  const status = form.querySelector(".status");
  const controls = form.querySelectorAll("input, button");
  controls.forEach((control) => { control.disabled = true; });
  status.classList.remove("alarm");
  const failures = [];
  for (let number = 1; waiting.length > 0; number += 1) {
    const total = number - 1 + waiting.length;
    const file = waiting.shift();
    status.textContent = `Uploading ${file.name} (${number} of ${total}) …`;
    try {
      await upload(file);
    } catch (error) {
      failures.push(`${file.name}: ${error.message}`);
    }
  }
  if (failures.length === 0) {
    location.assign("/?uploaded=true");
    return;
  }
  isUploading = false;
  status.classList.add("alarm");
  status.textContent = `Not uploaded: ${failures.join("; ")}`;
  controls.forEach((control) => { control.disabled = false; });
}

if (form) {
  form.querySelector("input[type=file]").multiple = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    uploadAll([...form.elements.file.files]);
  });
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      if (isFile(event)) {
        event.preventDefault();
        form.classList.add("over");
      }
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) {
      form.classList.remove("over");
    }
  });
  document.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (isFile(event)) {
      event.preventDefault();
      uploadAll([...event.dataTransfer.files]);
    }
  });
}

// A photo on its way: made smaller here where this browser can, then sent with its progress.
const LONG_SIDE = 2000;
const QUALITY = 0.85;
const SMALL_ENOUGH = 400_000;

/** A canvas with the picture, its longest side at most `longest` pixels. */
export function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export const decode = (file) => createImageBitmap(file, { imageOrientation: "from-image" });

async function shrink(file) {
  if (file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await decode(file);
    const canvas = drawn(picture, LONG_SIDE);
    picture.close();
    const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    // What this browser cannot read, the server may, and otherwise it says why
    return file;
  }
}

export async function request(address, { method = "GET", token } = {}) {
  const headers = { "Accept-Language": document.documentElement.lang };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(address, { method, headers });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
}

// Resolves to what the server tells about the photo; rejects with its reason, which is empty when it was not reached.
// Only XMLHttpRequest tells how much has left the house.
export async function send(file, address, { token, onProgress, signal, language = document.documentElement.lang }) {
  const content = await shrink(file);
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const fail = () => {
      let told = {};
      try {
        told = JSON.parse(call.responseText);
      } catch {
        // Nobody answered, or a proxy did
      }
      // What was refused for what it is will be refused again; too many at once, or a full disk, will not
      const final = call.status >= 400 && call.status < 500 && call.status !== 429;
      reject(Object.assign(new Error(told.detail || told.title || ""), { final }));
    };
    signal.addEventListener("abort", () => call.abort());
    if (signal.aborted) return reject(new Error(""));
    call.open("POST", address);
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.setRequestHeader("Accept-Language", language);
    if (token) call.setRequestHeader("Authorization", `Bearer ${token}`);
    call.timeout = 180_000;
    call.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    call.onload = () => (call.status === 201 ? resolve(JSON.parse(call.responseText)) : fail());
    call.onerror = call.ontimeout = call.onabort = fail;
    call.send(content);
  });
}

let lastKey = 0;

export function draftOf(file) {
  return { key: `draft-${++lastKey}`, file, url: URL.createObjectURL(file), state: "waiting", progress: 0, error: "", abort: new AbortController() };
}

export function forget(draft) {
  draft.abort.abort();
  URL.revokeObjectURL(draft.url);
}

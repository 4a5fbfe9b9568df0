// What was recorded and is not yet known to have arrived, kept in this
// browser's database: a take, and its chunks by the offset of their first byte.
const open = () =>
  new Promise((done, fail) => {
    const ask = indexedDB.open("pitchside-recorder", 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("takes", { keyPath: "key" });
      ask.result.createObjectStore("chunks", { keyPath: ["key", "offset"] });
    };
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
let base;

async function run(mode, stores, act) {
  base ??= open();
  const db = await base;
  return new Promise((done, fail) => {
    const tx = db.transaction(stores, mode);
    const request = act(...stores.map((name) => tx.objectStore(name)));
    tx.oncomplete = () => done(request?.result);
    tx.onabort = () => fail(tx.error ?? new Error("aborted"));
  });
}

const of = (key) => IDBKeyRange.bound([key], [key, Infinity]);

export const keyOf = (attempt, take) => `${attempt}/${take}`;
export const saveTake = (take) => run("readwrite", ["takes"], (takes) => takes.put(take));
export const addChunk = (take, offset, data) =>
  run("readwrite", ["takes", "chunks"], (takes, chunks) => {
    takes.put(take);
    chunks.put({ key: take.key, offset, data });
  });
export const takesOf = async (attempt) => (await run("readonly", ["takes"], (takes) => takes.getAll())).filter((take) => take.attempt === attempt);
export const chunksOf = (key) => run("readonly", ["chunks"], (chunks) => chunks.getAll(of(key)));
export const drop = (key) =>
  run("readwrite", ["takes", "chunks"], (takes, chunks) => {
    takes.delete(key);
    chunks.delete(of(key));
  });

// whole returns a take as one file.
export async function whole(take, key = take.key) {
  return new Blob((await chunksOf(key)).map((chunk) => chunk.data), { type: take.type.split(";")[0] });
}

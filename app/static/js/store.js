// What the door's page keeps on the phone, in IndexedDB: rosters by place, scans that wait, and the answers to them.
const NAMES = ["rosters", "queue", "answers"];
let opened = null;

function open() {
  opened ||= new Promise((done, fail) => {
    const asked = indexedDB.open("yongjiang-door", 1);
    asked.onupgradeneeded = () => {
      for (const name of NAMES) asked.result.createObjectStore(name, { keyPath: name === "rosters" ? "place" : "key" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function within(names, mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const transaction = base.transaction(names, mode);
    const asked = work((name) => transaction.objectStore(name));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onerror = () => fail(transaction.error);
    transaction.onabort = () => fail(transaction.error);
  });
}

export const get = (name, key) => within([name], "readonly", (store) => store(name).get(key));
export const all = (name) => within([name], "readonly", (store) => store(name).getAll());
export const put = (name, row) => within([name], "readwrite", (store) => store(name).put(row));
export const remove = (name, key) => within([name], "readwrite", (store) => store(name).delete(key));

// An answer takes the place of the scan it answers: both or neither.
export const answered = (rows) =>
  within(["queue", "answers"], "readwrite", (store) => {
    for (const row of rows) {
      store("queue").delete(row.key);
      store("answers").put(row);
    }
  });

// Where the page keeps a file that comes in: on disk, in the private file system of this site (OPFS), so that its size does not matter and
// an interrupted transfer can go on after the page was closed. Browsers have that on https and localhost only; elsewhere, blobs have to do.

const folderName = 'incoming';
const partLifetime = 7 * 24 * 3600 * 1000;
const doneLifetime = 3600 * 1000;

export async function openStorage(key) {
  try {
    return await DiskStorage.open(key);
  } catch (error) {
    if (error.name === 'NoModificationAllowedError') {
      throw new Error('Another tab receives this file.');
    }
    return new BlobStorage();
  }
}

/** Deletes what earlier visits have left and nobody came back for. */
export async function cleanStorage() {
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName);
    for await (const [name, handle] of folder.entries()) {
      const file = await handle.getFile();
      const isComplete = name.endsWith(`-${file.size}`);
      if (Date.now() - file.lastModified > (isComplete ? doneLifetime : partLifetime)) {
        await folder.removeEntry(name).catch(() => { /* another tab uses it */ });
      }
    }
  } catch {
    // There is no such folder, or no such file system.
  }
}

class DiskStorage {
  #folder;
  #handle;
  #access;
  length;

  static async open(key) {
    const storage = new DiskStorage();
    storage.#folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
    storage.#handle = await storage.#folder.getFileHandle(key, { create: true });
    storage.#access = await storage.#handle.createSyncAccessHandle();
    storage.length = storage.#access.getSize();
    return storage;
  }

  async ensureRoom(bytes) {
    const { quota, usage } = await navigator.storage.estimate();
    if (quota - usage < bytes) {
      throw new Error('The browser has no room for this file.');
    }
  }

  readAll(take) {
    const block = new Uint8Array(1024 * 1024);
    for (let at = 0; at < this.length;) {
      const count = this.#access.read(block, { at });
      take(block.subarray(0, count));
      at += count;
    }
  }

  restart() {
    this.#access.truncate(0);
    this.length = 0;
  }

  append(bytes) {
    const count = this.#access.write(bytes, { at: this.length });
    if (count !== bytes.length) {
      throw new Error('The browser could not store the file.');
    }
    this.length += count;
  }

  async finish() {
    this.#access.flush();
    this.#access.close();
    return this.#handle.getFile();
  }

  async discard() {
    this.#access.close();
    await this.#folder.removeEntry(this.#handle.name);
  }
}

// Browsers move large blobs to disk by themselves.
class BlobStorage {
  #blobs = [];
  #recent = [];
  #recentLength = 0;
  length = 0;

  async ensureRoom() {}

  readAll() {}

  restart() {
    this.#blobs = [];
    this.#recent = [];
    this.#recentLength = 0;
    this.length = 0;
  }

  append(bytes) {
    this.#recent.push(bytes);
    this.#recentLength += bytes.length;
    this.length += bytes.length;
    if (this.#recentLength >= 8 * 1024 * 1024) {
      this.#flush();
    }
  }

  async finish() {
    this.#flush();
    return new Blob(this.#blobs);
  }

  async discard() {
    this.restart();
  }

  #flush() {
    this.#blobs.push(new Blob(this.#recent));
    this.#recent = [];
    this.#recentLength = 0;
  }
}

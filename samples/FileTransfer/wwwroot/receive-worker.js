// Stores a file that comes in, and hashes it.

import { serve } from './rpc.js';
import { Sha256 } from './sha256.js';
import { openStorage } from './storage.js';

let storage = null;
let hash = new Sha256();

serve({
  /** Opens the place of a file, and returns how much of it is there, and the SHA-256 of that. */
  async open(key, size) {
    if (storage === null) {
      storage = await openStorage(key);
      if (storage.length > size) {
        storage.restart();
      }
      storage.readAll((bytes) => hash.update(bytes));
      await storage.ensureRoom(size - storage.length);
    }
    return { offset: storage.length, sha256: hash.hex() };
  },

  /** Forgets what is there. */
  restart() {
    storage.restart();
    hash = new Sha256();
  },

  /** Adds bytes, and returns how many there are. */
  write(buffer) {
    const bytes = new Uint8Array(buffer);
    storage.append(bytes);
    hash.update(bytes);
    return storage.length;
  },

  /** The SHA-256 of what is there. */
  sha256() {
    return hash.hex();
  },

  /** The complete file, a Blob. */
  finish() {
    return storage.finish();
  },

  /** Deletes what is there. */
  async discard() {
    await storage?.discard();
    storage = null;
  },
});

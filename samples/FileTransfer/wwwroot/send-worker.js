// Reads a file block by block and hashes what it reads.

import { serve } from './rpc.js';
import { Sha256 } from './sha256.js';

const blockSize = 1024 * 1024;

let file;
let position;
let hash;

async function read() {
  const block = await file.slice(position, position + blockSize).arrayBuffer();
  position += block.byteLength;
  hash.update(new Uint8Array(block));
  return block;
}

serve({
  /** Goes to a place, and returns the SHA-256 of everything before it. */
  async open(theFile, offset) {
    file = theFile.slice(0, offset);
    position = 0;
    hash = new Sha256();
    while (position < offset) {
      await read();
    }
    file = theFile;
    return hash.hex();
  },

  /** The next block, an ArrayBuffer of up to a mebibyte. */
  read,

  /** The SHA-256 of everything before the current place. */
  sha256() {
    return hash.hex();
  },
});

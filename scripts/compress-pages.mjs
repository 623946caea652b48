// Lays a Brotli and a gzip copy beside every script and style of a build: compressed once as well as can be, instead of
// at every request as well as there is time for.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Below this, headers weigh more than what is saved. */
const WORTH_IT = 512;

const directory = process.argv[2];
for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
  const path = join(directory, file);
  if (!/\.(js|css|svg)$/.test(file) || statSync(path).size < WORTH_IT) continue;
  const content = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}

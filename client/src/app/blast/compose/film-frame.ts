/** What a phone shows at most of a film it has not downloaded. Pixels. */
const LONGEST = 320;
/** Films often begin black. Seconds. */
const INTO = 1;
const PATIENCE_MS = 10_000;
/** Until a frame that was not there yet is looked for again. Milliseconds. */
const RETRY_MS = 50;

/**
 * A frame of a film as a JPEG, drawn by this browser: the server has nothing that could. `null` where the browser cannot
 * play it, or does not get there in time; phones draw their own then.
 */
export async function frameOf(film: Blob): Promise<Blob | null> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(film);
  video.muted = true;
  video.preload = 'auto';
  try {
    const isThere = happens(video, 'loadeddata');
    video.src = url;
    await isThere;
    const isAt = happens(video, 'seeked');
    video.currentTime = Math.min(INTO, video.duration / 3);
    await isAt;
    return await asJpeg(await drawn(video));
  } catch {
    return null;
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

function happens(video: HTMLVideoElement, what: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${what}`)), PATIENCE_MS);
    const settle = (settled: () => void) => () => {
      clearTimeout(late);
      settled();
    };
    video.addEventListener(what, settle(resolve), { once: true });
    video.addEventListener(
      'error',
      settle(() => reject(new Error('not played'))),
      { once: true },
    );
  });
}

/**
 * Where a browser is busy it has reached a place before it has its picture, and draws nothing at all for a moment:
 * sent on, that would be a black frame of a film that is not.
 */
async function drawn(video: HTMLVideoElement): Promise<HTMLCanvasElement> {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  const brush = canvas.getContext('2d', { willReadFrequently: true })!;
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    const [, , , opacity] = brush.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data;
    if (opacity) return canvas;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error('nothing drawn');
}

function asJpeg(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
}

/**
 * The first frame of a video as a small picture, made with the browser's own player.
 * @module
 */

/** Pixels of the picture's longer side. */
const SIDE = 320;

/**
 * @param frame - gets the picture once it is there, and keeps what it has where the browser can't show the file
 * @param file - a video
 */
export function showFirstFrame(frame: HTMLElement, file: File): void {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  video.muted = true;
  video.playsInline = true;
  video.preload = 'auto';
  video.addEventListener('loadeddata', () => {
    const canvas = document.createElement('canvas');
    const scale = SIDE / Math.max(video.videoWidth, video.videoHeight, SIDE);
    canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
    canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    delete frame.dataset.sign;
    frame.dataset.film = '';
    frame.replaceChildren(canvas);
    // The player goes, and its decoder with it.
    video.removeAttribute('src');
    URL.revokeObjectURL(url);
  });
  video.addEventListener('error', () => URL.revokeObjectURL(url));
  video.src = url;
}

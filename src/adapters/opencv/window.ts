import { openFullOpenCv, type Mat } from './binding.js';

const title = 'Security Feed';

/** The one window of `display: true`. */
export type Window = {
  /** Shows an image (8UC3) and answers whether the user has pressed `q` or closed the window. Takes a millisecond or more. */
  show(image: Mat): boolean;
  close(): void;
};

/** Opens the tutorial's window; throws an Error where there is no display. */
export function openWindow(): Window {
  // Without a display, Qt (the toolkit of Debian's OpenCV) ends the process instead of failing.
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new Error('no window can be opened: there is no display (DISPLAY and WAYLAND_DISPLAY are not set)');
  }
  process.env['QT_LOGGING_RULES'] ??= '*.warning=false';
  const cv = openFullOpenCv();
  // Without toolbar and status line.
  cv.namedWindow(title, cv.WINDOW_AUTOSIZE | cv.WINDOW_GUI_NORMAL);
  let shown = false;
  return {
    show(image) {
      // A window that was closed would be opened again by the next image.
      if (shown && cv.getWindowProperty(title, cv.WND_PROP_VISIBLE) < 1) return true;
      cv.imshow(title, image);
      shown = true;
      return (cv.waitKey(1) & 0xff) === 'q'.charCodeAt(0);
    },
    close() {
      cv.destroyAllWindows();
      // GTK takes the window down only while its events are handled.
      cv.waitKey(1);
    },
  };
}

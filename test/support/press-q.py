"""Presses and releases `q` in whatever has the pointer, on the X display of the environment."""

import ctypes

x11 = ctypes.CDLL("libX11.so.6")
xtest = ctypes.CDLL("libXtst.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x11.XOpenDisplay(None))
key = x11.XKeysymToKeycode(display, ord("q"))
xtest.XTestFakeMotionEvent(display, 0, 100, 100, 0)
for pressed in (1, 0):
    xtest.XTestFakeKeyEvent(display, key, pressed, 0)
x11.XSync(display, 0)

"""Serves a live H.264 stream over RTSP on loopback, at /cam: clock-camera.py PORT WIDTH HEIGHT FPS. Width is a multiple of 24.
Each picture shows the time of day in milliseconds, modulo 2^24, as 24 black or white columns, the highest bit first. Two of
them are two streams of one camera. Prints the port once it listens (PORT 0 takes a free one)."""

import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

port = sys.argv[1]
width, height, fps = map(int, sys.argv[2:5])


def picture():
    now = int(time.time() * 1000) % (1 << 24)
    bits = ((now >> (23 - n)) & 1 for n in range(24))
    row = b"".join((b"\xeb" if bit else b"\x10") * (width // 24) for bit in bits)
    return row * height + b"\x80" * (width * height // 2)


def configure(_factory, media):
    source = media.get_element().get_child_by_name("source")
    playing = [True]
    media.connect("unprepared", lambda _media: playing.clear())

    # Not in the main loop, which waits for the first pictures when a client asks what the stream is.
    def push():
        while playing:
            source.emit("push-buffer", Gst.Buffer.new_wrapped(picture()))
            time.sleep(1 / fps)

    threading.Thread(target=push, daemon=True).start()


Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
caps = f"video/x-raw,format=I420,width={width},height={height},framerate={fps}/1"
encoder = f"x264enc tune=zerolatency speed-preset=ultrafast key-int-max={3 * fps}"
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( appsrc name=source is-live=true do-timestamp=true format=time caps={caps} ! {encoder}"
    " ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )"
)
factory.set_shared(True)
factory.connect("media-configure", configure)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()

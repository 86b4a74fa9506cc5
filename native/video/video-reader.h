// Reads a file, stream or V4L2 device with libav and decodes its video. Knows nothing of Node.js, so that the sanitizers
// can run it alone (`npm run test:native`).
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace roomwatch {

// A picture larger than this is refused: decoders keep up to 16 of them, and JPEG and libswscale have limits of their own.
constexpr int mostPixelsASide = 16384;
constexpr int mostPixels = 4096 * 4096;

// One call at a time, the others wait; except close(), which ends an open or a grab that waits in another thread.
class VideoReader {
public:
  VideoReader() = default;
  VideoReader(const VideoReader&) = delete;
  ~VideoReader();

  // `demuxer` is empty for files and streams, "video4linux2" for a device. `options` are libav's: "name;value|name;value".
  // Opening and each frame give up after `patience`; 0 is never. Throws std::runtime_error.
  void open(const std::string& source, const std::string& demuxer, const std::string& options, std::chrono::milliseconds patience);
  // Decodes the next frame. False at the end, after close(), and when no frame came in time. Throws std::runtime_error.
  bool grab();
  // A reference to the frame grabbed last, or nothing.
  std::shared_ptr<AVFrame> take();
  void close() { closed = true; }

  // As the frames are decoded, before they are turned.
  int width() const { return codec ? codec->width : 0; }
  int height() const { return codec ? codec->height : 0; }
  // Quarter turns clockwise that the frames are still to be given.
  int turns() const { return quarterTurns; }
  // 0 or not finite where the header does not say.
  double fps() const;
  double frameCount() const;

private:
  std::mutex mutex;
  AVFormatContext* format = nullptr;
  AVCodecContext* codec = nullptr;
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  int stream = -1;
  int quarterTurns = 0;
  bool drained = false;
  std::atomic<bool> closed{false};
  std::chrono::milliseconds patience{0};
  std::chrono::steady_clock::time_point deadline;

  static int interrupted(void* self);
  void openInput(const std::string& source, const std::string& demuxer, const std::string& options);
  void openDecoder(const AVCodec* decoder, const AVStream* video);
  bool decode();
  int sendNextPacket();
};

} // namespace roomwatch

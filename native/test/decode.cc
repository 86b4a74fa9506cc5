// Decodes the files it is given with the addon's own reader, and makes of every frame what the addon would. Run by
// run.mjs under AddressSanitizer and UndefinedBehaviorSanitizer; a line a file, `FRAMES PATH` or `error PATH: REASON`.
#include "../video/pixels.h"
#include "../video/video-reader.h"
#include <cstdio>
#include <cstring>
#include <exception>
#include <unistd.h>

namespace {

constexpr int mostFrames = 60;
constexpr auto patience = std::chrono::seconds(5);
// SIGALRM ends the process where the reader's own time-out does not.
constexpr unsigned hangsAfterSeconds = 20;

void use(const AVFrame& frame, roomwatch::BgrConverter& converter) {
  // Exactly as large as needed, and never the same memory, so that a byte too many is seen.
  size_t stride = roomwatch::BgrConverter::leastStride(frame.width);
  std::vector<uint8_t> bgr(stride * frame.height);
  converter.convert(frame, bgr.data(), stride);
  roomwatch::encodeJpeg({bgr.data(), frame.width, frame.height, stride}, AV_PIX_FMT_BGR24);
  if (!roomwatch::hasLumaPlane(frame)) return;
  size_t step = frame.linesize[0];
  std::vector<uint8_t> luma(step * (frame.height - 1) + frame.width);
  std::memcpy(luma.data(), frame.data[0], luma.size());
  for (int factor : {1, 2, 5, 256}) {
    std::vector<uint8_t> means(static_cast<size_t>(frame.width / factor) * (frame.height / factor));
    roomwatch::blockMeans({luma.data(), frame.width, frame.height, step}, factor, !roomwatch::isFullRange(frame), means.data());
    if (factor == 2) roomwatch::encodeJpeg({luma.data(), frame.width, frame.height, step}, AV_PIX_FMT_GRAY8);
  }
}

void decode(const char* path) {
  roomwatch::VideoReader reader;
  roomwatch::BgrConverter converter;
  reader.open(path, "", "", patience);
  reader.fps();
  reader.frameCount();
  int frames = 0;
  std::shared_ptr<AVFrame> kept;
  for (; frames < mostFrames && reader.grab(); frames++) {
    kept = reader.take();
    use(*kept, converter);
  }
  std::printf("%d %s\n", frames, path);
}

} // namespace

int main(int count, char** paths) {
  av_log_set_level(AV_LOG_QUIET);
  for (int n = 1; n < count; n++) {
    alarm(hangsAfterSeconds);
    try {
      decode(paths[n]);
    } catch (std::exception& error) {
      std::printf("error %s: %s\n", paths[n], error.what());
    }
    std::fflush(stdout);
  }
}

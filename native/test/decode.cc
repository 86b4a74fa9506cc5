// Decodes the files it is given with the addon's own reader, and makes of every frame what the addon would. run.mjs runs it
// under the sanitizers; it writes a line a file: `FRAMES PATH` or `error PATH: REASON`.
#include "../video/video.h"
#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace roomwatch;
constexpr int mostFrames = 60;
// SIGALRM ends the process where the reader's own time-out does not.
constexpr unsigned patienceSeconds = 5, hangsAfterSeconds = 20;

// Every buffer is as large as needed and new, so that a byte too many is seen.
static void use(const AVFrame& frame, BgrConverter& converter) {
  size_t stride = BgrConverter::leastStride(frame.width), step = frame.linesize[0];
  std::vector<uint8_t> bgr(stride * frame.height);
  converter.convert(frame, bgr.data());
  encodeJpeg({bgr.data(), frame.width, frame.height, stride}, AV_PIX_FMT_BGR24);
  if (!hasLumaPlane(frame)) return;
  std::vector<uint8_t> luma(step * (frame.height - 1) + frame.width);
  std::memcpy(luma.data(), frame.data[0], luma.size());
  Image image{luma.data(), frame.width, frame.height, step};
  encodeJpeg(image, AV_PIX_FMT_GRAY8);
  for (int factor : {1, 5, greatestFactor}) {
    std::vector<uint8_t> means(static_cast<size_t>(frame.width / factor) * (frame.height / factor));
    blockMeans(image, factor, !isFullRange(frame), means.data());
  }
}

// As for a snapshot: packets are kept as they come, and decoded from a key frame on.
static void useLastOf(const char* path, BgrConverter& converter) {
  VideoReader reader;
  reader.open(path, "", "", std::chrono::seconds(patienceSeconds));
  std::vector<VideoPacket> packets;
  while (packets.size() < mostFrames / 2) {
    VideoPacket packet = reader.read();
    if (!packet.data) break;
    if (packet.data->flags & AV_PKT_FLAG_KEY) packets.clear();
    packets.push_back(packet);
  }
  if (std::shared_ptr<AVFrame> frame = decodePackets(packets)) use(*frame, converter);
}

int main(int count, char** paths) {
  av_log_set_level(AV_LOG_QUIET);
  for (int n = 1; n < count; n++) {
    alarm(hangsAfterSeconds);
    try {
      VideoReader reader;
      BgrConverter converter;
      reader.open(paths[n], "", "", std::chrono::seconds(patienceSeconds));
      int frames = 0;
      for (; frames < mostFrames; frames++)
        if (std::shared_ptr<AVFrame> frame = reader.grab()) use(*frame, converter);
        else break;
      useLastOf(paths[n], converter);
      std::printf("%d %s\n", frames, paths[n]);
    } catch (std::exception& error) {
      std::printf("error %s: %s\n", paths[n], error.what());
    }
    std::fflush(stdout);
  }
}

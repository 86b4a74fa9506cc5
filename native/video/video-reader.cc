#include "video.h"
#include <algorithm>
#include <cmath>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
}

namespace {

// A decoder that fails this often before the next frame has lost the file. In a stream it waits for a key frame.
constexpr int mostErrors = 512;
// One thread decodes this much of a camera's picture in time, also on a Raspberry Pi; more threads cost memory and delay.
constexpr int pixelsPerThread = 1280 * 720;
// For one block. Probing decodes before a codec's own limit can be set, and a header may promise any size.
constexpr size_t mostBytesAtOnce = 128 << 20;
constexpr std::chrono::seconds firstPackets{30}, firstKeyFrame{90};
constexpr auto devicePause = std::chrono::milliseconds(5), pipePause = std::chrono::milliseconds(20);
constexpr int pipeBytes = 1 << 16;

// What libav logs while a source is opened. Its status codes lose most of what a camera answers.
thread_local std::string* heard = nullptr;

void listen(void*, int level, const char* format, va_list arguments) {
  char line[256];
  if (!heard || level > AV_LOG_WARNING || heard->size() > 2000) return;
  vsnprintf(line, sizeof line, format, arguments);
  *heard += line;
}

void check(int status) {
  char words[AV_ERROR_MAX_STRING_SIZE];
  if (status < 0) throw std::runtime_error(av_make_error_string(words, sizeof words, status) + ("\n" + (heard ? *heard : "")));
}

void refuseTooLarge(int width, int height) {
  using namespace roomwatch;
  if (std::max(width, height) <= mostPixelsASide && static_cast<int64_t>(width) * height <= mostPixels) return;
  throw std::runtime_error("the picture is too large (" + std::to_string(width) + " x " + std::to_string(height)
                           + "): at most 16384 pixels a side and 16 million in all");
}

// libavdevice brings a hundred libraries with it, so it is loaded only for a device. Its major version is libavformat's.
const AVInputFormat* findDemuxer(const std::string& name) {
  if (name.empty()) return nullptr;
  std::string library = "libavdevice.so." + std::to_string(LIBAVFORMAT_VERSION_MAJOR);
  void* loaded = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto registerAll = loaded ? reinterpret_cast<void (*)()>(dlsym(loaded, "avdevice_register_all")) : nullptr;
  if (registerAll) registerAll();
  const AVInputFormat* demuxer = av_find_input_format(name.c_str());
  if (!demuxer) throw std::runtime_error(library + " is not there or has no " + name);
  return demuxer;
}

int turnsOf(const AVStream& stream) {
  constexpr auto kind = AV_PKT_DATA_DISPLAYMATRIX;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  auto* side = av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, kind);
  const uint8_t* matrix = side ? side->data : nullptr;
  size_t size = side ? side->size : 0;
#else
  size_t size = 0;
  const uint8_t* matrix = av_stream_get_side_data(&stream, kind, &size);
#endif
  if (!matrix || size < 9 * sizeof(int32_t)) return 0;
  double degrees = -av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  return std::isnan(degrees) ? 0 : (static_cast<int>(std::lround(degrees / 90)) % 4 + 4) % 4;
}

double fpsOf(const AVStream& video) {
  // 0/0 where the header does not say.
  for (AVRational rate : {video.avg_frame_rate, video.r_frame_rate, av_inv_q(video.time_base)})
    if (rate.num > 0 && rate.den > 0) return av_q2d(rate);
  return 0;
}

// Not where it was estimated from the bit rate, nor where sound may go on after the pictures.
double secondsOf(const AVFormatContext& format, const AVStream& video) {
  if (format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0;
  double whole = format.duration / static_cast<double>(AV_TIME_BASE);
  // Of a cut AVI file, only the number of frames is still that of the header.
  double own = std::max(video.duration * av_q2d(video.time_base), video.nb_frames / fpsOf(video));
  if (!(own > 0)) return format.nb_streams == 1 ? whole : 0;
  // An edit list leaves out a part.
  return std::string(format.iformat->name).find("mov") == 0 && whole > 0 ? std::min(own, whole) : own;
}

std::string creationTimeOf(const AVFormatContext& format, const AVStream& video) {
  for (AVDictionary* facts : {format.metadata, video.metadata})
    if (auto* entry = av_dict_get(facts, "creation_time", nullptr, 0)) return entry->value;
  return "";
}

std::shared_ptr<AVCodecContext> openDecoder(const AVCodecParameters& stream, AVRational tick) {
  refuseTooLarge(stream.width, stream.height);
  const AVCodec* decoder = avcodec_find_decoder(stream.codec_id);
  if (!decoder) throw std::runtime_error(std::string("no decoder: ") + avcodec_get_name(stream.codec_id));
  std::shared_ptr<AVCodecContext> codec(avcodec_alloc_context3(decoder), [](AVCodecContext* last) { avcodec_free_context(&last); });
  check(avcodec_parameters_to_context(codec.get(), &stream));
  codec->pkt_timebase = tick;
  codec->max_pixels = roomwatch::mostPixels;
  int threads = (codec->width * codec->height + pixelsPerThread - 1) / pixelsPerThread;
  codec->thread_count = std::max(1, std::min(threads, av_cpu_count()));
  check(avcodec_open2(codec.get(), decoder, nullptr));
  return codec;
}

std::shared_ptr<AVFrame> share(const AVFrame& frame) {
  refuseTooLarge(frame.width, frame.height);
  return {av_frame_clone(&frame), [](AVFrame* last) { av_frame_free(&last); }};
}

// A pipe, given as "file:PATH", or -1. libav would wait in open(2) and read(2) for somebody who writes, and nothing ends that.
int openPipe(const std::string& source) {
  const char* path = nullptr;
  struct stat about;
  if (!av_strstart(source.c_str(), "file:", &path) || stat(path, &about) < 0) return -1;
  return S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode) ? ::open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
}

} // namespace

namespace roomwatch {

VideoReader::~VideoReader() {
  closed = true;
  av_frame_free(&frame);
  av_packet_free(&packet);
  avformat_close_input(&format);
  if (pipeInput) av_freep(&pipeInput->buffer);
  avio_context_free(&pipeInput);
  if (pipe >= 0) ::close(pipe);
}

int VideoReader::interrupted(void* self) {
  auto* reader = static_cast<VideoReader*>(self);
  return reader->closed || (reader->patience.count() > 0 && std::chrono::steady_clock::now() > reader->deadline);
}

void VideoReader::waitAtLeast(std::chrono::milliseconds least) {
  deadline = std::chrono::steady_clock::now() + std::max(patience, least);
}

void VideoReader::open(
    const std::string& source, const std::string& demuxer, const std::string& options, std::chrono::milliseconds wanted) {
  std::lock_guard lock(mutex);
  patience = wanted;
  waitAtLeast(patience);
  av_max_alloc(mostBytesAtOnce);
  std::string words;
  struct Listening {
    explicit Listening(std::string* into) { heard = into; }
    ~Listening() { heard = nullptr; }
  } listening(&words);
  openInput(source, demuxer, options);
  formatName = format->iformat->name;
  stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (stream < 0) throw std::runtime_error("no video");
  for (unsigned n = 0; n < format->nb_streams; n++)
    if (static_cast<int>(n) != stream) format->streams[n]->discard = AVDISCARD_ALL;
  const AVStream& video = *format->streams[stream];
  codec = openDecoder(*video.codecpar, video.time_base);
  // The size in a stream may come with its first key frame.
  if (patience.count() == 0 && (codec->width < 1 || codec->height < 1)) throw std::runtime_error("it holds no picture");
  turns = turnsOf(video);
  width = turns % 2 == 0 ? codec->width : codec->height;
  height = turns % 2 == 0 ? codec->height : codec->width;
  fps = fpsOf(video);
  seconds = secondsOf(*format, video);
  tick = av_q2d(video.time_base);
  creationTime = creationTimeOf(*format, video);
}

void VideoReader::openInput(const std::string& source, const std::string& demuxer, const std::string& options) {
  const AVInputFormat* device = findDemuxer(demuxer);
  format = avformat_alloc_context();
  format->interrupt_callback = {interrupted, this};
  // A read from a device would otherwise wait for its driver, for ever where no frame comes.
  if (device) format->flags |= AVFMT_FLAG_NONBLOCK;
  pipe = openPipe(source);
  if (pipe >= 0) format->pb = pipeInput = avio_alloc_context(static_cast<uint8_t*>(av_malloc(pipeBytes)), pipeBytes, 0, this, readPipe, nullptr, nullptr);
  AVDictionary* dictionary = nullptr;
  av_dict_parse_string(&dictionary, options.c_str(), ";", "|", 0);
  int status = avformat_open_input(&format, source.c_str(), device, &dictionary);
  av_dict_free(&dictionary);
  if (status < 0 && interrupted(this)) throw std::runtime_error("no answer");
  check(status);
  waitAtLeast(firstPackets);
  // A device says it all when it is opened.
  if (device) return;
  status = avformat_find_stream_info(format, nullptr);
  if (interrupted(this)) throw std::runtime_error("no data");
  check(status);
}

int VideoReader::readPipe(void* self, uint8_t* into, int size) {
  auto* reader = static_cast<VideoReader*>(self);
  while (!interrupted(self)) {
    ssize_t got = ::read(reader->pipe, into, size);
    if (got > 0) return reader->written = true, got;
    // Nobody writes: not yet, or no more.
    if (got == 0 && reader->written) return AVERROR_EOF;
    if (got < 0 && errno != EAGAIN && errno != EINTR) return AVERROR(errno);
    pollfd more{reader->pipe, POLLIN, 0};
    if (got < 0) poll(&more, 1, pipePause.count());
    else std::this_thread::sleep_for(pipePause);
  }
  return AVERROR_EXIT;
}

void listenToLibav() {
  av_log_set_callback(listen);
}

std::shared_ptr<AVFrame> VideoReader::grab() {
  std::lock_guard lock(mutex);
  waitAtLeast(packets == 0 ? firstPackets : patience);
  const auto latest = std::chrono::steady_clock::now() + std::max<std::chrono::milliseconds>(patience, firstKeyFrame);
  const bool live = patience.count() > 0;
  for (int errors = 0; codec && (errors < mostErrors || (live && !drained)) && !interrupted(this);) {
    if (live && std::chrono::steady_clock::now() > latest) break;
    int status = avcodec_receive_frame(codec.get(), frame);
    if (status == 0) return share(*frame);
    if (status == AVERROR_EOF || (drained && status == AVERROR(EAGAIN))) break;
    if (status != AVERROR(EAGAIN)) errors++;
    if (!drained && sendNextPacket() < 0) errors++;
  }
  return nullptr;
}

VideoPacket VideoReader::read() {
  std::lock_guard lock(mutex);
  codec.reset();
  if (!parameters && format) {
    auto* copy = avcodec_parameters_alloc();
    parameters = {copy, [](AVCodecParameters* last) { avcodec_parameters_free(&last); }};
    check(avcodec_parameters_copy(copy, format->streams[stream]->codecpar));
  }
  waitAtLeast(packets == 0 ? firstPackets : patience);
  for (int errors = 0; format && !drained && errors < mostErrors && !interrupted(this);) {
    int status = readPacket();
    if (status < 0) errors++;
    if (status <= 0) continue;
    std::shared_ptr<AVPacket> taken(av_packet_clone(packet), [](AVPacket* last) { av_packet_free(&last); });
    av_packet_unref(packet);
    return {taken, parameters};
  }
  return {};
}

// 1 if `packet` is now the next one of the video, 0 if there is none yet.
int VideoReader::readPacket() {
  int status = av_read_frame(format, packet);
  if (status == AVERROR(EAGAIN)) {
    std::this_thread::sleep_for(devicePause);
    return format->flags & AVFMT_FLAG_NONBLOCK ? 0 : status;
  }
  // At the end of a wait, libav hands out the packet that its parser held back: it is old, and no sign of life.
  if (status >= 0 && interrupted(this)) {
    av_packet_unref(packet);
    status = AVERROR_EXIT;
  }
  drained = status < 0;
  if (drained) return status;
  if (packet->stream_index != stream) return av_packet_unref(packet), 0;
  packets++;
  waitAtLeast(patience);
  return 1;
}

int VideoReader::sendNextPacket() {
  int status = readPacket();
  if (drained) return avcodec_send_packet(codec.get(), nullptr), 0;
  if (status <= 0) return status;
  status = avcodec_send_packet(codec.get(), packet);
  av_packet_unref(packet);
  return status;
}

std::shared_ptr<AVFrame> decodePackets(const std::vector<VideoPacket>& packets) {
  if (packets.empty()) return nullptr;
  auto codec = openDecoder(*packets[0].stream, {0, 1});
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), [](AVFrame* last) { av_frame_free(&last); }), found;
  const int64_t wanted = packets.back().data->pts;
  for (size_t n = 0; n <= packets.size(); n++) {
    avcodec_send_packet(codec.get(), n < packets.size() ? packets[n].data.get() : nullptr);
    while (avcodec_receive_frame(codec.get(), frame.get()) == 0)
      if (frame->pts == wanted || wanted == AV_NOPTS_VALUE) found = share(*frame);
  }
  return found;
}

} // namespace roomwatch

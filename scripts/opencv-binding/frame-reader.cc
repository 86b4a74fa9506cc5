// Reads a file or stream with libav, which OpenCV's VideoCapture would also do, but hands out the decoded frame as it is: the
// judge looks at the luma plane where it lies, and only who wants colours has them converted.
//   FrameReader.open(source, options, timeoutMilliseconds, done)   options of libav: "name;value|name;value"
//   look(plan)                 one byte a frame, in the order they are shown: 0 where nobody will look at its pixels
//   grab(done) -> number       decodes beside the event loop up to the next frame that is looked at; so many frames have passed,
//                              0 at the end. Those before the last are not decoded where no other frame needs them
//   take(before) -> Frame      the frame grabbed last, or the one before it, shared, not copied: it outlives the next grab
//   close()                    at once, also while a grab waits for the network
//   Frame.luma(mat)            makes the Mat (8UC1) a view on the luma plane, good until release(); false where there is none
//   Frame.bgr(mat)             converts into the Mat (8UC3), whose memory is used again where it fits
//   Frame.jpeg(widest, quality, regions)   see live-jpeg.h
#include "roomwatch.h"
#include "CatchCvExceptionWorker.h"
#include "Mat.h"
#include "NativeNodeUtils.h"
#include "live-jpeg.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <opencv2/core.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace {

using Clock = std::chrono::steady_clock;

constexpr int greatestRow = 32767;
// A decoder that never gets hold of a picture again is a broken stream.
constexpr int mostErrors = 512;
// One thread decodes this much of a camera's picture in time, also on a Raspberry Pi; more threads cost memory and delay.
constexpr int pixelsPerThread = 1280 * 720;

// What a conversion was prepared with is kept for the next frame.
struct Converter {
  SwsContext* context = nullptr;
  ~Converter() { sws_freeContext(context); }
};

int quarterTurns(const AVStream* stream) {
  const uint8_t* matrix = nullptr;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVCodecParameters* codec = stream->codecpar;
  const AVPacketSideData* side = av_packet_side_data_get(codec->coded_side_data, codec->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (side) matrix = side->data;
#else
  matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
  if (!matrix) return 0;
  double degrees = -av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  return std::isnan(degrees) ? 0 : (static_cast<int>(std::lround(degrees / 90)) % 4 + 4) % 4;
}

std::string wordsOf(int status) {
  char words[AV_ERROR_MAX_STRING_SIZE] = {0};
  return av_strerror(status, words, sizeof words) == 0 ? words : "unknown error of libav";
}

// Used by one thread at a time, except `closed`. Freed when the last who holds it lets go: the object or a grab under way.
struct Source {
  AVFormatContext* format = nullptr;
  AVCodecContext* codec = nullptr;
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  // What was looked at before `frame`; only kept under a plan.
  AVFrame* before = av_frame_alloc();
  int stream = -1;
  int turns = 0;
  bool drained = false;
  std::vector<uint8_t> plan;
  size_t shown = 0;
  int64_t firstAt = AV_NOPTS_VALUE;
  // Times of the packets that the decoder was allowed to leave out and has not yet given as a frame.
  std::vector<int64_t> unsure;
  std::chrono::milliseconds patience{0};
  Clock::time_point deadline;
  std::atomic<bool> closed{false};
  std::shared_ptr<Converter> converter = std::make_shared<Converter>();

  ~Source() {
    av_frame_free(&before);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&codec);
    avformat_close_input(&format);
  }

  static int interrupted(void* self) {
    Source* source = static_cast<Source*>(self);
    return source->closed || (source->patience.count() > 0 && Clock::now() > source->deadline);
  }

  // Answers what is wrong, or nothing.
  std::string open(const std::string& url, const std::string& options) {
    av_log_set_level(AV_LOG_QUIET);
    format = avformat_alloc_context();
    format->interrupt_callback = {interrupted, this};
    deadline = Clock::now() + patience;
    AVDictionary* dictionary = nullptr;
    av_dict_parse_string(&dictionary, options.c_str(), ";", "|", 0);
    int status = avformat_open_input(&format, url.c_str(), nullptr, &dictionary);
    av_dict_free(&dictionary);
    if (status >= 0) status = avformat_find_stream_info(format, nullptr);
    if (status < 0) return wordsOf(status);
    const AVCodec* decoder = nullptr;
    stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (stream < 0) return "it holds no video";
    AVStream* video = format->streams[stream];
    for (unsigned n = 0; n < format->nb_streams; n++)
      if (static_cast<int>(n) != stream) format->streams[n]->discard = AVDISCARD_ALL;
    turns = quarterTurns(video);
    codec = avcodec_alloc_context3(decoder);
    avcodec_parameters_to_context(codec, video->codecpar);
    codec->pkt_timebase = video->time_base;
    int threads = (codec->width * codec->height + pixelsPerThread - 1) / pixelsPerThread;
    codec->thread_count = std::max(1, std::min(threads, cv::getNumberOfCPUs()));
    status = avcodec_open2(codec, decoder, nullptr);
    if (status < 0) return wordsOf(status);
    return codec->width > 0 && codec->height > 0 ? "" : "it holds no picture";
  }

  // Where the time of a frame puts it among all frames; the plan is made by number, not by time.
  int64_t numberOf(int64_t at) const {
    return std::llround((at - firstAt) * av_q2d(format->streams[stream]->time_base) * fps());
  }

  bool isLookedAt(int64_t number) const {
    return number < 0 || number >= static_cast<int64_t>(plan.size()) || plan[number] != 0;
  }

  int send() {
    bool timed = packet->pts != AV_NOPTS_VALUE && firstAt != AV_NOPTS_VALUE;
    bool spared = timed && !plan.empty() && !isLookedAt(numberOf(packet->pts));
    codec->skip_frame = spared ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    if (spared) unsure.push_back(packet->pts);
    return avcodec_send_packet(codec, packet);
  }

  // How many frames the one that was just decoded stands for: itself and those left out before it.
  int count() {
    int64_t at = frame->best_effort_timestamp;
    if (firstAt == AV_NOPTS_VALUE) firstAt = at;
    auto later = std::partition(unsure.begin(), unsure.end(), [at](int64_t one) { return one <= at; });
    int passed = 1 + std::count_if(unsure.begin(), later, [at](int64_t one) { return one < at; });
    unsure.erase(unsure.begin(), later);
    shown += passed;
    // Frames that do not come at an even pace, or have no times: the plan is of no use.
    if (!plan.empty() && (at == AV_NOPTS_VALUE || numberOf(at) != static_cast<int64_t>(shown) - 1)) plan.clear();
    return passed;
  }

  int grab() {
    if (!plan.empty()) {
      av_frame_unref(before);
      av_frame_move_ref(before, frame);
    }
    int passed = 0;
    while (decode()) {
      passed += count();
      if (isLookedAt(static_cast<int64_t>(shown) - 1)) return passed;
    }
    if (closed || !drained) return passed;
    passed += unsure.size();
    unsure.clear();
    if (passed > 0 && !frame->data[0]) av_frame_ref(frame, before);
    return passed;
  }

  bool decode() {
    deadline = Clock::now() + patience;
    for (int errors = 0; errors < mostErrors && !closed;) {
      int status = avcodec_receive_frame(codec, frame);
      if (status == 0) return true;
      if (status == AVERROR_EOF) return false;
      if (status != AVERROR(EAGAIN)) errors++;
      if (drained) {
        if (status != AVERROR(EAGAIN)) continue;
        return false;
      }
      status = av_read_frame(format, packet);
      if (status == AVERROR(EAGAIN)) {
        errors++;
        continue;
      }
      if (interrupted(this)) return false;
      if (status < 0) {
        drained = true;
        avcodec_send_packet(codec, nullptr);
        continue;
      }
      if (packet->stream_index == stream && send() < 0) errors++;
      av_packet_unref(packet);
    }
    return false;
  }

  double fps() const {
    AVStream* video = format->streams[stream];
    // 0/0 where the header does not say.
    for (AVRational rate : {video->avg_frame_rate, video->r_frame_rate, av_inv_q(video->time_base)})
      if (rate.num > 0 && rate.den > 0) return av_q2d(rate);
    return 0;
  }

  double frameCount() const {
    AVStream* video = format->streams[stream];
    if (video->nb_frames > 0) return video->nb_frames;
    double seconds = format->duration > 0 ? format->duration / static_cast<double>(AV_TIME_BASE) : 0;
    if (seconds <= 0 && video->duration > 0) seconds = video->duration * av_q2d(video->time_base);
    return std::floor(seconds * fps() + 0.5);
  }
};

// Eight bits a pixel in a plane of its own, as nearly every camera has it.
bool hasLumaPlane(AVPixelFormat format) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(format);
  return d && d->nb_components > 0 && !(d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM))
         && d->comp[0].depth == 8 && d->comp[0].step == 1;
}

bool isFullRange(const AVFrame* frame) {
  switch (frame->format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_GRAY8: return true;
    default: return frame->color_range == AVCOL_RANGE_JPEG;
  }
}

struct Frame : public Nan::ObjectWrap {
  static Nan::Persistent<v8::Function> constructor;
  AVFrame* frame = av_frame_alloc();
  int turns = 0;
  std::shared_ptr<Converter> converter;

  ~Frame() { av_frame_free(&frame); }

  static v8::Local<v8::Object> make(const Source& source, const AVFrame* frame) {
    v8::Local<v8::Object> object = Nan::NewInstance(Nan::New(constructor)).ToLocalChecked();
    Frame* self = Nan::ObjectWrap::Unwrap<Frame>(object);
    if (av_frame_ref(self->frame, frame) < 0) throw std::bad_alloc();
    self->turns = source.turns;
    self->converter = source.converter;
    bool lying = source.turns % 2 == 1;
    Nan::Set(object, FF::newString("width"), Nan::New(lying ? frame->height : frame->width));
    Nan::Set(object, FF::newString("height"), Nan::New(lying ? frame->width : frame->height));
    Nan::Set(object, FF::newString("fullRange"), Nan::New(isFullRange(frame)));
    return object;
  }

  static NAN_METHOD(New) {
    (new Frame())->Wrap(info.This());
    info.GetReturnValue().Set(info.This());
  }

  static NAN_METHOD(Luma) {
    FF::TryCatch tryCatch("Frame::luma");
    AVFrame* frame = Nan::ObjectWrap::Unwrap<Frame>(info.This())->frame;
    if (!Mat::hasInstance(info[0])) return tryCatch.throwError("expected arg 0 to be a Mat");
    bool there = frame->data[0] && frame->linesize[0] > 0 && Nan::ObjectWrap::Unwrap<Frame>(info.This())->turns == 0
                 && hasLumaPlane(static_cast<AVPixelFormat>(frame->format));
    if (there)
      Mat::unwrapClassPtrUnchecked(info[0])->self = cv::Mat(frame->height, frame->width, CV_8UC1, frame->data[0], frame->linesize[0]);
    info.GetReturnValue().Set(Nan::New(there));
  }

  static NAN_METHOD(Bgr) {
    FF::TryCatch tryCatch("Frame::bgr");
    Frame* self = Nan::ObjectWrap::Unwrap<Frame>(info.This());
    if (!Mat::hasInstance(info[0])) return tryCatch.throwError("expected arg 0 to be a Mat");
    if (!self->frame->data[0]) return tryCatch.throwError("the frame was released");
    try {
      self->convert(Mat::unwrapClassPtrUnchecked(info[0])->self);
    } catch (std::exception& e) {
      return tryCatch.throwError(e.what());
    }
  }

  void convert(cv::Mat& image) {
    int width = frame->width, height = frame->height;
    if (std::max(width, height) > greatestRow) throw std::runtime_error("the picture is too large");
    AVPixelFormat format = static_cast<AVPixelFormat>(frame->format);
    SwsContext*& context = converter->context;
    context = sws_getCachedContext(context, width, height, format, width, height, AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr);
    if (!context) throw std::runtime_error("this kind of picture cannot be converted");
    // The converter writes whole blocks of pixels, also beyond the end of a row.
    cv::Mat unturned;
    cv::Mat& target = turns == 0 ? image : unturned;
    if (target.rows != height || target.cols != width || target.type() != CV_8UC3)
      target = cv::Mat(height, (width + 31) / 32 * 32, CV_8UC3)(cv::Rect(0, 0, width, height));
    uint8_t* rows[] = {target.data};
    int steps[] = {static_cast<int>(target.step)};
    sws_scale(context, frame->data, frame->linesize, 0, frame->height, rows, steps);
    if (turns > 0) cv::rotate(unturned, image, turns - 1);
  }

  static NAN_METHOD(Jpeg) {
    FF::TryCatch tryCatch("Frame::jpeg");
    Frame* self = Nan::ObjectWrap::Unwrap<Frame>(info.This());
    const AVFrame* frame = self->frame;
    if (!frame->data[0]) return tryCatch.throwError("the frame was released");
    try {
      info.GetReturnValue().Set(Roomwatch::liveJpeg(
          {static_cast<AVPixelFormat>(frame->format), frame->width, frame->height, self->turns, isFullRange(frame), frame->data, frame->linesize},
          info, 0));
    } catch (std::exception& e) {
      return tryCatch.throwError(e.what());
    }
  }

  static NAN_METHOD(Release) {
    av_frame_unref(Nan::ObjectWrap::Unwrap<Frame>(info.This())->frame);
  }
};

Nan::Persistent<v8::Function> Frame::constructor;

struct Reader : public Nan::ObjectWrap {
  static Nan::Persistent<v8::Function> constructor;
  std::shared_ptr<Source> source;

  static NAN_METHOD(New) {
    (new Reader())->Wrap(info.This());
    info.GetReturnValue().Set(info.This());
  }

  static Source* sourceOf(Nan::NAN_METHOD_ARGS_TYPE info) {
    return Nan::ObjectWrap::Unwrap<Reader>(info.This())->source.get();
  }

  static NAN_METHOD(Open);
  static NAN_METHOD(Grab);

  static NAN_METHOD(Take) {
    FF::TryCatch tryCatch("FrameReader::take");
    Source* source = sourceOf(info);
    AVFrame* frame = !source ? nullptr : Nan::To<bool>(info[0]).FromMaybe(false) ? source->before : source->frame;
    if (!frame || !frame->data[0]) return tryCatch.throwError("no frame was grabbed");
    info.GetReturnValue().Set(Frame::make(*source, frame));
  }

  static NAN_METHOD(Look) {
    FF::TryCatch tryCatch("FrameReader::look");
    Source* source = sourceOf(info);
    if (!source || !node::Buffer::HasInstance(info[0])) return tryCatch.throwError("expected an open reader and arg 0 to be bytes");
    const uint8_t* plan = reinterpret_cast<const uint8_t*>(node::Buffer::Data(info[0]));
    source->plan.assign(plan, plan + node::Buffer::Length(info[0]));
  }

  static NAN_METHOD(Close) {
    Reader* self = Nan::ObjectWrap::Unwrap<Reader>(info.This());
    if (self->source) self->source->closed = true;
    self->source.reset();
  }
};

Nan::Persistent<v8::Function> Reader::constructor;

struct OpenWorker : public CatchCvExceptionWorker {
  std::string url;
  std::string options;
  int timeout = 0;
  std::shared_ptr<Source> source = std::make_shared<Source>();

  bool unwrapRequiredArgs(Nan::NAN_METHOD_ARGS_TYPE info) {
    return FF::StringConverter::arg(0, &url, info) || FF::StringConverter::arg(1, &options, info) || FF::IntConverter::arg(2, &timeout, info);
  }

  std::string executeCatchCvExceptionWorker() {
    source->patience = std::chrono::milliseconds(timeout);
    return source->open(url, options);
  }

  v8::Local<v8::Value> getReturnValue() {
    v8::Local<v8::Object> object = Nan::NewInstance(Nan::New(Reader::constructor)).ToLocalChecked();
    Nan::ObjectWrap::Unwrap<Reader>(object)->source = source;
    bool lying = source->turns % 2 == 1;
    Nan::Set(object, FF::newString("width"), Nan::New(lying ? source->codec->height : source->codec->width));
    Nan::Set(object, FF::newString("height"), Nan::New(lying ? source->codec->width : source->codec->height));
    Nan::Set(object, FF::newString("fps"), Nan::New(source->fps()));
    Nan::Set(object, FF::newString("frameCount"), Nan::New(source->frameCount()));
    return object;
  }
};

struct GrabWorker : public CatchCvExceptionWorker {
  std::shared_ptr<Source> source;
  int passed = 0;
  GrabWorker(std::shared_ptr<Source> source) : source(source) {}

  std::string executeCatchCvExceptionWorker() {
    if (source) passed = source->grab();
    return "";
  }

  v8::Local<v8::Value> getReturnValue() { return Nan::New(passed); }
};

NAN_METHOD(Reader::Open) {
  FF::executeAsyncBinding(std::make_shared<OpenWorker>(), "FrameReader::open", info);
}

NAN_METHOD(Reader::Grab) {
  FF::executeAsyncBinding(std::make_shared<GrabWorker>(Nan::ObjectWrap::Unwrap<Reader>(info.This())->source), "FrameReader::grab", info);
}

} // namespace

NAN_MODULE_INIT(Roomwatch::InitFrameReader) {
  v8::Local<v8::FunctionTemplate> frame = Nan::New<v8::FunctionTemplate>(Frame::New);
  frame->InstanceTemplate()->SetInternalFieldCount(1);
  Nan::SetPrototypeMethod(frame, "luma", Frame::Luma);
  Nan::SetPrototypeMethod(frame, "bgr", Frame::Bgr);
  Nan::SetPrototypeMethod(frame, "jpeg", Frame::Jpeg);
  Nan::SetPrototypeMethod(frame, "release", Frame::Release);
  Frame::constructor.Reset(FF::getFunction(frame));

  v8::Local<v8::FunctionTemplate> reader = Nan::New<v8::FunctionTemplate>(Reader::New);
  reader->InstanceTemplate()->SetInternalFieldCount(1);
  reader->SetClassName(FF::newString("FrameReader"));
  Nan::SetMethod(reader, "open", Reader::Open);
  Nan::SetPrototypeMethod(reader, "look", Reader::Look);
  Nan::SetPrototypeMethod(reader, "grab", Reader::Grab);
  Nan::SetPrototypeMethod(reader, "take", Reader::Take);
  Nan::SetPrototypeMethod(reader, "close", Reader::Close);
  Reader::constructor.Reset(FF::getFunction(reader));
  Nan::Set(target, FF::newString("FrameReader"), FF::getFunction(reader));
}

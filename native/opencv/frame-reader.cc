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
#include "video-source.h"
#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>

extern "C" {
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace {

using Roomwatch::VideoSource;

constexpr int greatestRow = 32767;

// What a conversion was prepared with is kept for the next frame.
struct Converter {
  SwsContext* context = nullptr;
  ~Converter() { sws_freeContext(context); }
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

  static v8::Local<v8::Object> make(const AVFrame* frame, int turns, std::shared_ptr<Converter> converter) {
    v8::Local<v8::Object> object = Nan::NewInstance(Nan::New(constructor)).ToLocalChecked();
    Frame* self = Nan::ObjectWrap::Unwrap<Frame>(object);
    if (av_frame_ref(self->frame, frame) < 0) throw std::bad_alloc();
    self->turns = turns;
    self->converter = converter;
    bool lying = turns % 2 == 1;
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
  std::shared_ptr<VideoSource> source;
  std::shared_ptr<Converter> converter = std::make_shared<Converter>();

  static NAN_METHOD(New) {
    (new Reader())->Wrap(info.This());
    info.GetReturnValue().Set(info.This());
  }

  static NAN_METHOD(Open);
  static NAN_METHOD(Grab);

  static NAN_METHOD(Take) {
    FF::TryCatch tryCatch("FrameReader::take");
    Reader* self = Nan::ObjectWrap::Unwrap<Reader>(info.This());
    VideoSource* source = self->source.get();
    AVFrame* frame = !source ? nullptr : Nan::To<bool>(info[0]).FromMaybe(false) ? source->before : source->frame;
    if (!frame || !frame->data[0]) return tryCatch.throwError("no frame was grabbed");
    info.GetReturnValue().Set(Frame::make(frame, source->turns, self->converter));
  }

  static NAN_METHOD(Look) {
    FF::TryCatch tryCatch("FrameReader::look");
    VideoSource* source = Nan::ObjectWrap::Unwrap<Reader>(info.This())->source.get();
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
  std::shared_ptr<VideoSource> source = std::make_shared<VideoSource>();

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
    Nan::Set(object, FF::newString("width"), Nan::New(lying ? source->height() : source->width()));
    Nan::Set(object, FF::newString("height"), Nan::New(lying ? source->width() : source->height()));
    Nan::Set(object, FF::newString("fps"), Nan::New(source->fps()));
    Nan::Set(object, FF::newString("frameCount"), Nan::New(source->frameCount()));
    return object;
  }
};

struct GrabWorker : public CatchCvExceptionWorker {
  std::shared_ptr<VideoSource> source;
  int passed = 0;
  GrabWorker(std::shared_ptr<VideoSource> source) : source(source) {}

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

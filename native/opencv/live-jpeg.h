// A small JPEG for a person's screen, made of a picture as it was decoded: its planes are made smaller, regions are drawn into
// them, and they are encoded as they are. No colours are made on the way.
#pragma once
#include <nan.h>
#include "small-picture.h"

namespace Roomwatch {

// Arguments from the `first` on: widest, quality, regions (x, y, width, height, x, ... as shares of the turned picture).
// Answers a Buffer; throws std::exception.
v8::Local<v8::Object> liveJpeg(const DecodedPicture& picture, Nan::NAN_METHOD_ARGS_TYPE info, int first);

}

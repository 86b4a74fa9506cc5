// What Roomwatch adds to the binding; video-capture.cc registers it beside the package's own classes.
#pragma once
#include <nan.h>

namespace Roomwatch {
// frame-reader.cc: the class FrameReader
NAN_MODULE_INIT(InitFrameReader);
// block-means.cc
NAN_METHOD(MeansOfBlocks);
// live-jpeg.cc
NAN_METHOD(LiveJpeg);
// give-back.cc
NAN_METHOD(GiveBackMemory);
}

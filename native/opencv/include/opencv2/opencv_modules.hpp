// Found before Debian's own list of all of OpenCV's modules: binding.gyp defines those that Roomwatch uses.

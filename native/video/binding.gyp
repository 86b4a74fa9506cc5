{
  # Our own addon, on Node-API: one build serves every Node.js.
  "targets": [{
    "target_name": "video",
    "sources": ["addon.cc", "pixels.cc", "video-reader.cc"],
    "include_dirs": [
      "<!(node -p \"require('node-addon-api').include_dir\")",
      "<!@(pkg-config --cflags-only-I libavformat libavcodec libavutil libswscale | sed s/-I//g)",
    ],
    "libraries": ["<!@(pkg-config --libs libavformat libavcodec libavutil libswscale)", "-ldl"],
    "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS"],
    "cflags_cc": ["-std=c++17", "-O2", "-g0", "-Wall", "-Wextra"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
    "ldflags": ["-Wl,--as-needed"],
  }],
}

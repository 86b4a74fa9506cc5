// Stands in for OpenCV's highgui where there is no screen: the binding's io part asks for these five.
#include <opencv2/core.hpp>
#include <opencv2/highgui.hpp>

static int refuse() {
  CV_Error(cv::Error::StsNotImplemented, "this build of Roomwatch has no window: set display to false");
}

void cv::imshow(const String&, InputArray) { refuse(); }
int cv::waitKey(int) { return refuse(); }
int cv::waitKeyEx(int) { return refuse(); }
void cv::destroyWindow(const String&) {}
void cv::destroyAllWindows() {}

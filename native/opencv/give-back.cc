// giveBackMemory(): hands the pages to the system that nothing lies in any more. What a scene was remembered by, and pictures
// under way, leave holes between what stays; glibc keeps all of those but the last, for good. Two milliseconds for 20 MB of holes.
#include "roomwatch.h"
#include <malloc.h>

NAN_METHOD(Roomwatch::GiveBackMemory) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

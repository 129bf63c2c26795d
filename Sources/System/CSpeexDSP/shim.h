// libspeexdsp (BSD-3): resampling, echo cancelling, noise suppression. Its controls take `void *`, so Swift calls them as they are.
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#include <speex/speex_resampler.h>

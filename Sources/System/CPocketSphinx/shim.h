// PocketSphinx and SphinxBase (BSD-2): the embedded recogniser.
#include <pocketsphinx.h>
#include <sphinxbase/err.h>

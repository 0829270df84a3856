#include "CBuild.h"

const char *kaji_build_commit(void) { return KAJI_COMMIT; }

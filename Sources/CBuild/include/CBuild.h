// What the build knows about itself.
#pragma once

/// The commit that was built; "unknown" if the build was not told.
const char *kaji_build_commit(void);

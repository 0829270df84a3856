// Swift closures that a thread lends to others for the length of a call.
#pragma once

#include <stdint.h>

/// The two words of a Swift closure of type (Int) -> Void, as long as its owner lends it.
typedef struct {
  const void *function;
  const void *context;
} kaji_closure;

/// Calls a closure that is still lent.
void kaji_closure_call(kaji_closure closure, int64_t argument);

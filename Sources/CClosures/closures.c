#include "CClosures.h"

// Swift hands over a closure as its two words; the caller keeps them alive until it returns.
__attribute__((swiftcall)) kaji_closure kaji_closure_words(const void *function, const void *context) {
  return (kaji_closure){function, context};
}

void kaji_closure_call(kaji_closure closure, int64_t argument) {
  typedef __attribute__((swiftcall)) void body(
      int64_t, __attribute__((swift_context)) const void *context);
  ((body *)closure.function)(argument, closure.context);
}

#pragma once
// The wide-character API is opt-in.
#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
#include <sys/eventfd.h>

// Macros that are casts, which Swift does not import.
static inline attr_t cncurses_bold(void) { return WA_BOLD; }
static inline attr_t cncurses_dim(void) { return WA_DIM; }
static inline attr_t cncurses_underline(void) { return WA_UNDERLINE; }
static inline attr_t cncurses_reverse(void) { return WA_REVERSE; }

// What the event loop waits on besides the terminal; its flags are an enum Swift's Glibc leaves out.
static inline int cncurses_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// The columns ncurses gives a character; declared only under _XOPEN_SOURCE.
int wcwidth(wchar_t);

internal import Glibc

/// Makes the C library, and with it ncurses, speak UTF-8.
///
/// Only the character type is set: numbers keep their decimal point. Where `LANG` is unset, `C` or
/// of another encoding, `C.UTF-8` is taken.
func useUTF8() {
  unsafe setlocale(LC_CTYPE, "")
  let encoding = unsafe String(cString: nl_langinfo(CInt(CODESET)))
  if encoding != "UTF-8" { unsafe setlocale(LC_CTYPE, "C.UTF-8") }
}

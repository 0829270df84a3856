import Base
import Glibc

setUpLocale()
Signals.ignoreBrokenPipes()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).rawValue)

/// Takes the user's locale, or C.UTF-8 where that is none or plain C, so that Japanese text works.
func setUpLocale() {
  let wanted = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? "C"
  if wanted != "C", wanted != "POSIX", unsafe setlocale(LC_CTYPE, "") != nil { return }
  unsafe setlocale(LC_CTYPE, "C.UTF-8")
  unsafe setenv("LC_ALL", "C.UTF-8", 1)
}

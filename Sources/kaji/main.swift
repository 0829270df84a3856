import Base
import Glibc

setUpLocale()
Signals.ignoreBrokenPipes()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).rawValue)

/// Takes the user's locale, or C.UTF-8 where that is none or plain C, so that Japanese text works.
func setUpLocale() {
  let wanted = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? "C"
  let plain = wanted == "C" || wanted == "POSIX"
  if plain || unsafe setlocale(LC_CTYPE, "") == nil {
    unsafe setlocale(LC_CTYPE, "C.UTF-8")
    setenv("LC_ALL", "C.UTF-8", 1)
  }
}

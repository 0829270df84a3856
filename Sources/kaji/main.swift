import Base
import Glibc

openStandardDescriptors()
setUpLocale()
Signals.ignoreBrokenPipes()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())).rawValue)

/// Opens the null device in the place of a standard descriptor that came closed, so that no file of ours gets its
/// number and the output meant for it.
func openStandardDescriptors() {
  for descriptor in CInt(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
    // The lowest free number is given, which is this one.
    _ = unsafe open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
  }
}

/// Takes the user's locale, or C.UTF-8 where that is none or plain C, so that Japanese text works.
func setUpLocale() {
  let wanted = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? "C"
  if wanted != "C", wanted != "POSIX", unsafe setlocale(LC_CTYPE, "") != nil { return }
  unsafe setlocale(LC_CTYPE, "C.UTF-8")
  unsafe setenv("LC_ALL", "C.UTF-8", 1)
}

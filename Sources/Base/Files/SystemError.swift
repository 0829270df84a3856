import Glibc

/// A system call that failed, as a diagnosis.
///
/// - Parameters:
///   - doing: what was tried, as "read" or "make the folder".
///   - code: the value of `errno` right after the call.
func systemFailure(_ doing: String, _ path: Path, code: CInt = errno) -> Failure {
  let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  return Failure("cannot \(doing) \(path): \(reason)", remedy: systemRemedy(code))
}

/// What a person can do about the system error `code`.
private func systemRemedy(_ code: CInt) -> String {
  switch code {
  case ENOENT: "Check the path."
  case EACCES, EPERM, EROFS: "Check the permissions of the file and its folder."
  case ENOSPC, EDQUOT: "Free some disk space, then run the same command again."
  case EISDIR: "Name a file, not a folder."
  case ENOTDIR: "One part of the path is a file, not a folder."
  case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
  default: "Check the file and its disk."
  }
}

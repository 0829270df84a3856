import Base

/// Puts new bytes into a file of a fuzz test, without waiting for the disk.
func rewrite(_ path: Path, with bytes: [UInt8]) throws {
  try Files.remove(path)
  let file = try AppendFile(creating: path)
  try file.append(bytes)
  file.close()
}

/// The line that tells what `body` throws; empty if it throws nothing.
func complaint<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return ""
  } catch { return oneLine(error) }
}

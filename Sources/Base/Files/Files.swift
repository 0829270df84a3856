import Glibc

/// The operations on files that the whole program shares.
///
/// Files are written whole (a temporary beside them, fsync, rename, fsync of the folder) or, through
/// ``AppendFile``, only ever at their end.
public enum Files {
  public static func exists(_ path: Path) -> Bool { unsafe access(path.string, F_OK) == 0 }

  public static func isWritable(_ path: Path) -> Bool { unsafe access(path.string, W_OK) == 0 }

  public static func isDirectory(_ path: Path) -> Bool {
    (try? FileStatus(path))?.isDirectory ?? false
  }

  /// The size of a file in bytes.
  public static func size(_ path: Path) throws -> Int { try FileStatus(path).size }

  /// Size, time and kind of a file.
  public static func status(_ path: Path) throws -> FileStatus { try FileStatus(path) }

  /// Reads a whole file.
  ///
  /// - Parameter limit: the size in bytes above which the file is refused.
  /// - Throws: ``Failure`` if it is missing, unreadable or larger than `limit`.
  public static func read(_ path: Path, limit: Int = 1 << 31) throws -> [UInt8] {
    var reader = try FileReader(path)
    let size = try FileStatus(path).size
    guard size <= limit else {
      throw Failure(
        "\(path) has \(Format.bytes(size)), more than the limit of \(Format.bytes(limit))",
        remedy: "Check that it is the right file.")
    }
    var bytes: [UInt8] = []
    // One byte more than the file needs, which shows its end; what has no size, as in /proc, comes in small pieces.
    // A piece never reaches beyond this room: the array would double.
    bytes.reserveCapacity(size + 1)
    while true {
      let left = size + 1 - bytes.count
      guard try reader.read(into: &bytes, upTo: left > 0 ? min(left, 1 << 20) : 4096) > 0 else {
        return bytes
      }
      guard bytes.count <= limit else {
        throw Failure("\(path) grows while it is read", remedy: "Wait until it is complete.")
      }
    }
  }

  /// Reads a whole file as UTF-8; invalid sequences become U+FFFD.
  public static func readText(_ path: Path, limit: Int = 1 << 31) throws -> String {
    String(decoding: try read(path, limit: limit), as: UTF8.self)
  }

  /// Writes a file whole: readers see the old content or the new, never a part.
  public static func write(_ bytes: [UInt8], to path: Path) throws {
    try write(whole: path) { file throws in try file.append(bytes) }
  }

  /// Writes a file whole, piece by piece: it has its name once `body` has written everything.
  ///
  /// - Throws: what `body` throws, or ``Failure`` if the disk refuses; nothing is left behind then.
  public static func write(whole path: Path, _ body: (AppendFile) throws -> Void) throws {
    let temporary = Temporary.path(for: path)
    let file = try AppendFile(creating: temporary)
    do {
      try body(file)
      try file.sync()
      file.close()
      try rename(temporary, to: path)
    } catch {
      try? remove(temporary)
      throw error
    }
  }

  /// Writes a text whole, as UTF-8.
  public static func write(_ text: String, to path: Path) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a new file; `false` if it exists already (then nothing is changed).
  ///
  /// The content appears together with the name, so that no reader meets an empty file.
  public static func writeExclusively(_ bytes: [UInt8], to path: Path) throws -> Bool {
    let temporary = Temporary.path(for: path)
    let file = try AppendFile(creating: temporary)
    defer { try? remove(temporary) }
    try file.append(bytes)
    try file.sync()
    file.close()
    guard unsafe link(temporary.string, path.string) == 0 else {
      if errno == EEXIST { return false }
      throw systemFailure("make", path)
    }
    do { try syncEntries(of: path.parent) } catch {
      // Whoever is told of an error must not find the name taken by itself.
      try? remove(path)
      throw error
    }
    return true
  }

  /// Makes a folder and those above it; one that exists is fine.
  public static func makeDirectory(_ path: Path) throws {
    if isDirectory(path) { return }
    if path.parent != path, !exists(path.parent) { try makeDirectory(path.parent) }
    if unsafe mkdir(path.string, 0o777) != 0, errno != EEXIST || !isDirectory(path) {
      throw systemFailure("make the folder", path)
    }
  }

  /// Makes one folder, atomically between processes and hosts; `false` if the name is taken.
  public static func makeDirectoryExclusively(_ path: Path) throws -> Bool {
    guard unsafe mkdir(path.string, 0o777) == 0 else {
      if errno == EEXIST { return false }
      throw systemFailure("make the folder", path)
    }
    try syncEntries(of: path.parent)
    return true
  }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func list(_ path: Path) throws -> [String] {
    guard let folder = unsafe opendir(path.string) else { throw systemFailure("list", path) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, a link or a whole folder; one that does not exist is fine.
  public static func remove(_ path: Path) throws {
    var info = stat()
    guard unsafe lstat(path.string, &info) == 0 else {
      if errno == ENOENT { return }
      throw systemFailure("remove", path)
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in try list(path) { try remove(path / name) }
      if unsafe rmdir(path.string) != 0, errno != ENOENT { throw systemFailure("remove", path) }
    } else if unsafe unlink(path.string) != 0, errno != ENOENT {
      throw systemFailure("remove", path)
    }
  }

  /// Renames atomically within one file system, and brings the new name to the disk; an existing file at `target` is
  /// replaced.
  public static func rename(_ path: Path, to target: Path) throws {
    if unsafe Glibc.rename(path.string, target.string) != 0 {
      throw systemFailure("rename \(path) to", target)
    }
    try syncEntries(of: target.parent)
    if path.parent != target.parent { try syncEntries(of: path.parent) }
  }

  /// Copies a file or a whole folder, and brings the copy to the disk; each file appears whole.
  public static func copy(_ path: Path, to target: Path) throws {
    if isDirectory(path) {
      try makeDirectory(target)
      for name in try list(path) { try copy(path / name, to: target / name) }
      try syncEntries(of: target.parent)
      return
    }
    var reader = try FileReader(path)
    try write(whole: target) { file throws in
      var bytes: [UInt8] = []
      while try reader.read(into: &bytes, upTo: 1 << 20) > 0 {
        try file.append(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Brings a file or a folder's entries to the disk (fsync).
  public static func sync(_ path: Path) throws {
    let descriptor = unsafe open(path.string, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure("open", path) }
    defer { close(descriptor) }
    // Some network file systems refuse to sync folders; their rename is already durable.
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
      throw systemFailure("bring to disk", path)
    }
  }

  /// Brings a folder's entries to the disk; one that may be written but not read keeps them its own way.
  static func syncEntries(of folder: Path) throws {
    do { try sync(folder) } catch {
      guard unsafe access(folder.string, R_OK) != 0, errno == EACCES else { throw error }
    }
  }

  /// Sets a file's time of change to now.
  public static func touch(_ path: Path) throws {
    if unsafe utimensat(AT_FDCWD, path.string, nil, 0) != 0 { throw systemFailure("touch", path) }
  }

  /// The bytes that an ordinary user may still write on the file system of `path`.
  public static func freeBytes(at path: Path) throws -> Int {
    var info = statvfs()
    guard unsafe statvfs(path.string, &info) == 0 else {
      throw systemFailure("ask the free space of", path)
    }
    return Int(clamping: info.f_bavail).multipliedClamping(by: Int(clamping: info.f_frsize))
  }

  /// Refuses, before a long write, if fewer than `bytes` are free at `path`.
  public static func requireFree(_ bytes: Int, at path: Path, for what: String) throws {
    let free = try freeBytes(at: path)
    guard free < bytes else { return }
    throw Failure(
      "\(what) needs \(Format.bytes(bytes)), but only \(Format.bytes(free)) are free at \(path)",
      remedy: "Free some disk space, then run the same command again.")
  }

  /// Makes a new folder for temporary files; the caller removes it.
  public static func temporaryDirectory(prefix: String) throws -> Path {
    let base = environment("TMPDIR") ?? "/tmp"
    var template = Array("\(base)/\(prefix)-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw systemFailure("make a folder in", Path(base))
    }
    return Path(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}

/// The value of an environment variable, `nil` when unset or empty.
public func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

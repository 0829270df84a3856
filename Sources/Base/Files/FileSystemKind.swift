import Glibc

/// Whether a file system belongs to this machine alone.
extension Files {
  /// Whether `path` lies on a file system of this machine, not on one that hosts share.
  ///
  /// A path that does not exist yet is judged by the nearest folder above it. Kinds that are not known
  /// count as shared, because that is the careful answer.
  public static func isOnLocalFileSystem(_ path: Path) -> Bool {
    let kind = fileSystemKind(path)
    return localKinds.contains(kind)
  }

  /// The kind of the file system that holds `path`, as `/proc/self/mountinfo` names it: "ext4", "nfs4".
  public static func fileSystemKind(_ path: Path) -> String {
    let table = (try? readText("/proc/self/mountinfo", limit: 1 << 24)) ?? ""
    return kind(of: resolved(path.absolute), in: table)
  }

  /// The kind of the mount with the longest mount point above `path`; of equals the last hides the others.
  static func kind(of path: Path, in table: String) -> String {
    var best = (length: -1, kind: "")
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
      else { continue }
      let point = Path(unescape(fields[4]))
      guard path.relative(to: point) != nil, point.string.utf8.count >= best.length
      else { continue }
      best = (point.string.utf8.count, String(fields[dash + 1]))
    }
    return best.kind
  }

  private static let localKinds: Set<String> = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "tmpfs", "ramfs", "overlay", "f2fs", "jfs",
    "reiserfs", "bcachefs", "vfat", "exfat", "ntfs3", "squashfs", "erofs",
  ]

  /// The path without links, as far as it exists.
  private static func resolved(_ path: Path) -> Path {
    if let real = unsafe realpath(path.string, nil) {
      defer { unsafe free(real) }
      return Path(unsafe String(cString: real))
    }
    return path.parent == path ? path : resolved(path.parent) / path.name
  }

  /// Undoes the octal escapes of the kernel: `\040` is a space.
  private static func unescape(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest.removeFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

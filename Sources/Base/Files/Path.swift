import Glibc

/// The path of a file or folder.
///
/// Everything here goes by bytes, as the system does: two spellings of one letter are two names, and
/// a combining mark at the start of a name does not melt into the slash before it.
public struct Path: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The path as the system calls take it, without a trailing slash.
  public let string: String

  /// Makes a path; trailing slashes are dropped and an empty text means the current folder.
  public init(_ string: String) {
    var trimmed = string.utf8[...]
    while trimmed.count > 1, trimmed.last == Self.slash { trimmed = trimmed.dropLast() }
    self.string = trimmed.isEmpty ? "." : String(Substring(trimmed))
  }

  public init(stringLiteral value: String) { self.init(value) }

  /// The file or folder `name` inside the folder `path`; an absolute `name` stands for itself.
  public static func / (path: Path, name: String) -> Path {
    if name.utf8.first == slash || path.string == "." { return Path(name) }
    return Path(path.string == "/" ? "/" + name : path.string + "/" + name)
  }

  public static func == (a: Path, b: Path) -> Bool {
    a.string.utf8.elementsEqual(b.string.utf8)
  }

  public static func < (a: Path, b: Path) -> Bool {
    a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
  }

  public var description: String { string }

  /// The last component.
  public var name: String {
    string == "/" ? "/" : String(Substring(Self.components(string).last ?? string.utf8[...]))
  }

  /// The folder that holds this path.
  public var parent: Path {
    if name == ".." { return Path(string + "/..") }
    guard let slash = string.utf8.lastIndex(of: Self.slash) else {
      return Path(string == "." ? ".." : ".")
    }
    return slash == string.startIndex ? Path("/") : Path(String(string[..<slash]))
  }

  /// What follows the last dot of the name, without the dot; empty if there is none.
  public var fileExtension: String {
    let name = name
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return ""
    }
    return String(Substring(name.utf8[dot...].dropFirst()))
  }

  /// The name without its last extension.
  public var stem: String {
    let ending = fileExtension.utf8.count
    return ending == 0 ? name : String(Substring(name.utf8.dropLast(ending + 1)))
  }

  /// Whether the path starts at the root.
  public var isAbsolute: Bool { string.utf8.first == Self.slash }

  /// The path from the root, with `.` and `..` resolved by text alone (links stay).
  public var absolute: Path {
    let full = isAbsolute ? string : Path.currentFolder.string + "/" + string
    var parts: [String] = []
    for part in Self.components(full).map({ String(Substring($0)) }) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return Path("/" + parts.joined(separator: "/"))
  }

  /// This path as seen from `base`, or `nil` if it does not lie inside it.
  public func relative(to base: Path) -> String? {
    let whole = absolute.string
    let folder = base.absolute.string
    if whole.utf8.elementsEqual(folder.utf8) { return "." }
    let prefix = folder == "/" ? "/" : folder + "/"
    guard whole.utf8.starts(with: prefix.utf8) else { return nil }
    return String(Substring(whole.utf8.dropFirst(prefix.utf8.count)))
  }

  /// The folder the process runs in.
  public static var currentFolder: Path {
    guard let buffer = unsafe getcwd(nil, 0) else { return Path("/") }
    defer { unsafe free(buffer) }
    return Path(unsafe String(cString: buffer))
  }

  private static let slash = UInt8(ascii: "/")

  private static func components(_ path: String) -> [Substring.UTF8View] {
    path.utf8.split(separator: slash)
  }
}

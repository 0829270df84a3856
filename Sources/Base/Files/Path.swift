import Glibc

/// The path of a file or folder.
public struct Path: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The path as the system calls take it, without a trailing slash.
  public let string: String

  /// Makes a path; trailing slashes are dropped and an empty text means the current folder.
  public init(_ string: String) {
    var trimmed = Substring(string)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    self.string = trimmed.isEmpty ? "." : String(trimmed)
  }

  public init(stringLiteral value: String) { self.init(value) }

  /// The file or folder `name` inside the folder `path`; an absolute `name` stands for itself.
  public static func / (path: Path, name: String) -> Path {
    if name.hasPrefix("/") || path.string == "." { return Path(name) }
    return Path(path.string == "/" ? "/" + name : path.string + "/" + name)
  }

  public static func < (a: Path, b: Path) -> Bool { a.string < b.string }

  public var description: String { string }

  /// The last component.
  public var name: String {
    string == "/" ? "/" : String(string.split(separator: "/").last ?? Substring(string))
  }

  /// The folder that holds this path.
  public var parent: Path {
    guard let slash = string.lastIndex(of: "/") else { return Path(string == "." ? ".." : ".") }
    return slash == string.startIndex ? Path("/") : Path(String(string[..<slash]))
  }

  /// What follows the last dot of the name, without the dot; empty if there is none.
  public var fileExtension: String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }

  /// The name without its last extension.
  public var stem: String {
    let ending = fileExtension
    return ending.isEmpty ? name : String(name.dropLast(ending.count + 1))
  }

  /// Whether the path starts at the root.
  public var isAbsolute: Bool { string.hasPrefix("/") }

  /// The path from the root, with `.` and `..` resolved by text alone (links stay).
  public var absolute: Path {
    let full = isAbsolute ? string : Path.currentFolder.string + "/" + string
    var parts: [Substring] = []
    for part in full.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return Path("/" + parts.joined(separator: "/"))
  }

  /// This path as seen from `base`, or `nil` if it does not lie inside it.
  public func relative(to base: Path) -> String? {
    let whole = absolute.string
    let folder = base.absolute.string
    if whole == folder { return "." }
    let prefix = folder == "/" ? "/" : folder + "/"
    return whole.hasPrefix(prefix) ? String(whole.dropFirst(prefix.count)) : nil
  }

  /// The folder the process runs in.
  public static var currentFolder: Path {
    guard let buffer = unsafe getcwd(nil, 0) else { return Path("/") }
    defer { unsafe free(buffer) }
    return Path(unsafe String(cString: buffer))
  }
}

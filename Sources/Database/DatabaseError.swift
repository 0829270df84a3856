public import Base

/// What SQLite refused, with the SQL that it refused.
public struct DatabaseError: Diagnosis, Equatable {
  /// Why, in the terms that decide what to do next.
  public enum Reason: Equatable, Sendable {
    case busy, readOnly, full, corrupt, cannotOpen, constraint, newerSchema, other
  }

  public let reason: Reason
  /// SQLite's result code, extended where SQLite gives one.
  public let code: Int
  /// SQLite's own words.
  public let message: String
  /// The statement that failed, without the bound values; empty when opening failed.
  public let sql: String
  /// The database file.
  public let path: Path

  public var problem: String {
    let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let text = words.count > 200 ? words.prefix(200) + "…" : Substring(words)
    return "\(path): \(message)" + (text.isEmpty ? "" : " (SQL: \(text))")
  }

  public var remedy: String {
    switch reason {
    case .busy: "Another process is writing: try again."
    case .readOnly, .cannotOpen: "Check the permissions of the file and its folder."
    case .full: "Free some disk space, then run the same command again."
    case .corrupt: "Delete the file: an index is made again from the files it lists."
    case .newerSchema: "Use the newer kaji that wrote it, or delete the index file."
    case .constraint, .other: "This is a defect of kaji: please report it with this message."
    }
  }
}

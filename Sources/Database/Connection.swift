public import Base
import CSQLite

/// One connection to a database file, closed when it goes out of scope.
///
/// Statements that still live keep the underlying handle alive (`sqlite3_close_v2`), so the order in which
/// they are released does not matter.
///
/// `@unchecked Sendable`: the handle is opened in SQLite's serialised mode, in which any thread may call. A
/// transaction still belongs to one caller at a time: share a connection through a `Mutex`.
@safe public struct Connection: ~Copyable, @unchecked Sendable {
  /// How a file is opened.
  public enum Mode: Equatable, Sendable {
    /// Reads and writes; the file is made if it is missing.
    case readWrite
    /// Reads only; the file must exist.
    case readOnly
    /// Reads only a file that nobody will ever change again: no locks, no side files, any file system.
    case immutable
  }

  let handle: OpaquePointer
  /// The file, or `:memory:`.
  public let path: Path

  /// Opens the database at `path`.
  ///
  /// Foreign keys are enforced. Where the file system is local the write-ahead log is used, so that readers
  /// and a writer do not wait for each other; it relies on shared memory, which no network file system has.
  ///
  /// - Parameters:
  ///   - mode: how the file is opened.
  ///   - busyTimeout: seconds to wait for another process before ``DatabaseError/Reason/busy``.
  ///   - writeAheadLog: whether to use the log; `false` keeps the database one single file.
  /// - Throws: ``DatabaseError`` if the file cannot be opened or is no database.
  public init(
    _ path: Path, mode: Mode = .readWrite, busyTimeout: Double = 5, writeAheadLog: Bool = true
  ) throws(DatabaseError) {
    if mode == .readWrite, path.string != ":memory:" {
      // SQLite would make the file unwritable for the group, whatever the umask allows. An empty file is an empty
      // database; if it cannot be made or is there already, SQLite says what there is to say.
      try? AppendFile(creating: path).close()
    }
    let connection = try Connection(opening: path, mode: mode, busyTimeout: busyTimeout)
    try connection.run("PRAGMA foreign_keys = ON")
    if mode == .readWrite, path.string != ":memory:" {
      try connection.choose(writeAheadLog: writeAheadLog && Files.isOnLocalFileSystem(path))
    }
    // A file that is no database shows it at the first read.
    _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
    self = connection
  }

  private init(opening path: Path, mode: Mode, busyTimeout: Double) throws(DatabaseError) {
    var name = path.string
    var flags = SQLITE_OPEN_FULLMUTEX
    switch mode {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .immutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(Connection.uriEscaped(path.absolute.string))?immutable=1"
    }
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(name, &opened, flags, nil)
    guard code == SQLITE_OK, let handle = unsafe opened else {
      let error = unsafe DatabaseError(code, on: opened, path: path, sql: "")
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    unsafe sqlite3_extended_result_codes(handle, 1)
    unsafe sqlite3_busy_timeout(handle, CInt(clamping: Int(busyTimeout * 1000)))
    unsafe self.handle = handle
    self.path = path
  }

  /// Sets the journal; if another connection is using the file its mode stays, which is as good.
  private func choose(writeAheadLog: Bool) throws(DatabaseError) {
    do {
      try run("PRAGMA journal_mode = \(writeAheadLog ? "WAL" : "DELETE")")
    } catch  where error.reason == .busy {}
    if writeAheadLog { try run("PRAGMA synchronous = NORMAL") }
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// A database in memory, gone with the connection.
  public static func inMemory() throws(DatabaseError) -> Connection {
    try Connection(":memory:")
  }

  /// Runs one statement to its end; rows it gives are passed over.
  ///
  /// - Throws: ``DatabaseError`` carrying the SQL.
  public func run(_ sql: String, _ values: any SQLBindable...) throws(DatabaseError) {
    var statement = try Statement(sql, on: self)
    try statement.bind(values)
    while try statement.step() {}
  }

  /// All rows of a query, each made into a value by `body`.
  ///
  /// - Throws: ``DatabaseError`` carrying the SQL, and what `body` throws.
  public func rows<Value>(
    _ sql: String, _ values: any SQLBindable..., body: (borrowing Statement) throws -> Value
  ) throws -> [Value] {
    var statement = try Statement(sql, on: self)
    try statement.bind(values)
    var found: [Value] = []
    while try statement.step() { found.append(try body(statement)) }
    return found
  }

  /// The first column of the first row as a whole number; `nil` without a row or for NULL.
  public func integer(_ sql: String, _ values: any SQLBindable...) throws(DatabaseError) -> Int? {
    var statement = try Statement(sql, on: self)
    try statement.bind(values)
    return try statement.step() ? statement.intOrNil(0) : nil
  }

  /// The first column of the first row as text; `nil` without a row or for NULL.
  public func text(_ sql: String, _ values: any SQLBindable...) throws(DatabaseError) -> String? {
    var statement = try Statement(sql, on: self)
    try statement.bind(values)
    return try statement.step() ? statement.textOrNil(0) : nil
  }

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  public var changes: Int { unsafe Int(sqlite3_changes64(handle)) }

  /// Whether the file may only be read.
  public var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

  /// Interrupts whatever statement runs on this connection, from any thread.
  public func interrupt() { unsafe sqlite3_interrupt(handle) }

  private static func uriEscaped(_ path: String) -> String {
    path.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      let plain =
        byte < 128 && (character.isLetter || character.isNumber || "/-_.~".contains(character))
      return plain ? String(character) : "%" + hexadecimal([byte])
    }.joined()
  }
}

extension DatabaseError {
  /// The error of the last call on `handle`.
  init(_ code: CInt, on handle: OpaquePointer?, path: Path, sql: String) {
    let words = unsafe handle.map { unsafe sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let reason: Reason =
      switch code & 0xFF {
      case SQLITE_BUSY, SQLITE_LOCKED: .busy
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
      case SQLITE_FULL: .full
      case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
      case SQLITE_CANTOPEN, SQLITE_IOERR: .cannotOpen
      case SQLITE_CONSTRAINT: .constraint
      default: .other
      }
    self.init(
      reason: reason, code: Int(code),
      message: unsafe words.map { unsafe String(cString: $0) } ?? "SQLite error \(code)",
      sql: sql, path: path)
  }
}

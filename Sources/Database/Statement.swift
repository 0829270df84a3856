import Base
import CSQLite

/// A prepared SQL statement, finalized when it goes out of scope.
@safe public struct Statement: ~Copyable {
  private let handle: OpaquePointer
  /// The database's file, for errors.
  private let path: Path

  /// Compiles `sql` on `connection`.
  ///
  /// - Throws: ``DatabaseError`` carrying the SQL, if it does not compile or holds more than one statement.
  public init(_ sql: String, on connection: borrowing Connection) throws(DatabaseError) {
    var compiled: OpaquePointer?
    var hasMore = false
    let code = unsafe sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      let code = unsafe sqlite3_prepare_v2(connection.handle, text, -1, &compiled, &tail)
      if let tail = unsafe tail {
        hasMore = unsafe !String(cString: tail).allSatisfy { $0.isWhitespace || $0 == ";" }
      }
      return code
    }
    guard code == SQLITE_OK else {
      throw unsafe DatabaseError(code, on: connection.handle, path: connection.path, sql: sql)
    }
    guard let handle = unsafe compiled, !hasMore else {
      unsafe sqlite3_finalize(compiled)
      throw DatabaseError(
        reason: .other, code: Int(SQLITE_MISUSE), message: "not exactly one statement", sql: sql,
        path: connection.path)
    }
    unsafe self.handle = handle
    path = connection.path
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Binds `values` to the parameters from the first on.
  public mutating func bind(_ values: [any SQLBindable]) throws(DatabaseError) {
    for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
  }

  /// Binds `value` to the one-based parameter `index`; SQLite keeps its own copy.
  public mutating func bind(_ value: any SQLBindable, at index: Int) throws(DatabaseError) {
    let index = CInt(clamping: index)
    switch value.sqlValue {
    case .null: try check(unsafe sqlite3_bind_null(handle, index))
    case .integer(let value): try check(unsafe sqlite3_bind_int64(handle, index, value))
    case .real(let value): try check(unsafe sqlite3_bind_double(handle, index, value))
    case .text(let value):
      // By length, because the text may hold U+0000; an empty one still needs an address.
      let bytes = Array(value.utf8) + [0]
      let code = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          unsafe sqlite3_bind_text64(
            handle, index, characters.baseAddress, UInt64(bytes.count - 1), csqlite_transient(),
            UInt8(SQLITE_UTF8))
        }
      }
      try check(code)
    case .blob(let bytes):
      let code =
        bytes.isEmpty
        ? unsafe sqlite3_bind_zeroblob(handle, index, 0)
        : unsafe sqlite3_bind_blob64(
          handle, index, bytes, UInt64(bytes.count), csqlite_transient())
      try check(code)
    }
  }

  /// Moves to the next row; `false` once there is none.
  public mutating func step() throws(DatabaseError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  /// Makes the statement ready to run again; the bound values are forgotten.
  public mutating func reset() {
    // The code repeats the error of the last step, which was thrown already.
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  /// Runs the statement to its end with `values`, and makes it ready for the next ones.
  public mutating func run(_ values: any SQLBindable...) throws(DatabaseError) {
    reset()
    try bind(values)
    while try step() {}
    reset()
  }

  /// The columns of a row.
  public var columnCount: Int { unsafe Int(sqlite3_column_count(handle)) }

  /// Whether the zero-based `column` of this row is NULL.
  public func isNull(_ column: Int) -> Bool {
    unsafe sqlite3_column_type(handle, CInt(clamping: column)) == SQLITE_NULL
  }

  /// The zero-based `column` as a whole number; 0 for NULL.
  public func int(_ column: Int) -> Int {
    unsafe Int(sqlite3_column_int64(handle, CInt(clamping: column)))
  }

  /// The zero-based `column` as a number; 0 for NULL.
  public func double(_ column: Int) -> Double {
    unsafe sqlite3_column_double(handle, CInt(clamping: column))
  }

  /// The zero-based `column` as text; empty for NULL.
  public func text(_ column: Int) -> String { String(decoding: blob(column), as: UTF8.self) }

  /// The zero-based `column` as bytes; empty for NULL.
  public func blob(_ column: Int) -> [UInt8] {
    let column = CInt(clamping: column)
    guard let bytes = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  public func bool(_ column: Int) -> Bool { int(column) != 0 }
  public func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
  public func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

  private func check(_ code: CInt) throws(DatabaseError) {
    if code != SQLITE_OK { throw failure(code) }
  }

  private func failure(_ code: CInt) -> DatabaseError {
    let sql = unsafe sqlite3_sql(handle).map { unsafe String(cString: $0) } ?? ""
    return unsafe DatabaseError(code, on: sqlite3_db_handle(handle), path: path, sql: sql)
  }
}

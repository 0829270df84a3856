public import Base

/// Calls `body` with a new empty folder, which is removed afterwards, whatever happens.
public func withTemporaryFolder<Result>(_ body: (Path) throws -> Result) throws -> Result {
  let folder = try Files.temporaryDirectory(prefix: "kaji-test")
  defer { try? Files.remove(folder) }
  return try body(folder)
}

/// Calls `body` with a new empty folder, which is removed afterwards, whatever happens.
public func withTemporaryFolder<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: (Path) async throws -> Result
) async throws -> Result {
  let folder = try Files.temporaryDirectory(prefix: "kaji-test")
  defer { try? Files.remove(folder) }
  return try await body(folder)
}

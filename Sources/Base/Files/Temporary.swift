import Synchronization

/// Numbers that keep the temporary files of one process apart.
enum Temporary {
  private static let counter = Atomic<Int>(0)

  static func next() -> Int { counter.wrappingAdd(1, ordering: .relaxed).newValue }
}

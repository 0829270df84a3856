public import Base

/// Where the keys of a configuration were given their values, for errors that only show when they are put to use.
///
/// It is no part of what a configuration says: any two are equal.
public struct KeyPlaces: Equatable, Sendable {
  /// The name of the configuration's file.
  public let file: String
  /// The place of a dotted key, as `FILE:LINE`; `nil` if it is not known.
  public let place: @Sendable (String) -> String?

  public init(file: String, place: @escaping @Sendable (String) -> String?) {
    self.file = file
    self.place = place
  }

  public static func == (_: KeyPlaces, _: KeyPlaces) -> Bool { true }

  /// The error of a key whose value turns out not to fit.
  public func wrong(_ key: String, _ problem: String, remedy: String) -> Failure {
    Failure("\(place(key) ?? file): \(key) \(problem)", remedy: remedy)
  }

  /// What `body` makes of the value of a key; an error it throws is told with the key's place.
  ///
  /// - Throws: ``Failure``.
  public func using<Result: ~Copyable>(_ key: String, _ body: () throws -> Result) throws(Failure)
    -> Result
  {
    do { return try body() } catch {
      let diagnosis = error as? any Diagnosis
      throw Failure(
        "\(place(key) ?? file): \(key): \(diagnosis?.problem ?? oneLine(error))",
        remedy: diagnosis?.remedy ?? "")
    }
  }
}

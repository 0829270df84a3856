/// An error that tells its reader what went wrong and what to do next.
///
/// The command line prints both parts on one line, the workbench shows them in its message line.
public protocol Diagnosis: Error, CustomStringConvertible, Sendable {
  /// What failed, where (file, line, field), and why, with the values that made it fail.
  var problem: String { get }
  /// What to do about it, as an order.
  var remedy: String { get }
}

extension Diagnosis {
  /// Problem and remedy on one line.
  public var description: String { remedy.isEmpty ? problem : "\(problem). \(remedy)" }
}

/// The diagnosis of whatever needs no type of its own.
public struct Failure: Diagnosis, Equatable {
  public let problem: String
  public let remedy: String

  /// Makes a failure out of what is wrong and what to do.
  public init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

/// The line that tells `error` to a person, whatever its type.
public func oneLine(_ error: any Error) -> String {
  let text = (error as? any Diagnosis)?.description ?? String(describing: error)
  return Sanitiser.visible(text.split(separator: "\n").joined(separator: " "))
}

public import Base
import Synchronization

/// What can be asked of a running trainer.
public enum Request: Equatable, Sendable {
  case pause
  case `continue`
  /// A checkpoint now.
  case save
  /// A checkpoint, and the end with exit status 75.
  case stop
  /// A new peak learning rate from the next step on.
  case learningRate(Double)

  /// The kind of event that answers it.
  public var eventKind: EventKind {
    switch self {
    case .pause: .pause
    case .continue: .continue
    case .save: .save
    case .stop: .stop
    case .learningRate: .lr
    }
  }
}

/// A request that waits in `control/`.
public struct ControlRequest: Equatable, Sendable {
  /// The name of its file. The event that answers it carries it as `request` in its data, so that a trainer
  /// that dies between answering and removing the file does not do it twice.
  public let id: String
  public let request: Request
  /// Who asks, as USER@HOST.
  public let by: String
}

/// The requests to the trainer of one run: one file each, written by the asker and removed by the trainer.
public struct Control: Sendable {
  private let folder: Path
  /// Keeps the requests of one process and one millisecond apart.
  private static let counter = Atomic<Int>(0)

  /// - Parameter folder: the run's `control/`.
  public init(_ folder: Path) { self.folder = folder }

  /// Leaves a request for the trainer.
  ///
  /// - Returns: its id, by which the answering event can be found.
  /// - Throws: ``Failure`` if it cannot be written.
  @discardableResult
  public func send(_ request: Request) throws -> String {
    if case .learningRate(let value) = request, !(value.isFinite && value >= 0) {
      throw Failure("\(value) is no learning rate", remedy: "Give a number from 0 on.")
    }
    try Files.makeDirectory(folder)
    let time = Int(Timestamp.now().seconds * 1000)
    let process = ProcessIdentity.current
    let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    let id = "\(Format.pad(time, 15))-\(process.host)-\(process.pid)-\(Format.pad(count, 4)).json"
    var json: JSON = .object([
      ("request", JSON(request.eventKind.rawValue)),
      ("by", JSON("\(userName)@\(process.host)")),
    ])
    if case .learningRate(let value) = request, case .object(var object) = json {
      object["value"] = .number(value)
      json = .object(object)
    }
    try Files.write(json.text() + "\n", to: folder / id)
    return id
  }

  /// The requests that wait, oldest first; files that are none are set aside.
  ///
  /// Cheap enough for every step: listing an empty folder takes a few microseconds.
  public func pending() throws -> [ControlRequest] {
    guard Files.isDirectory(folder) else { return [] }
    return try Files.list(folder).compactMap { name in
      guard name.hasSuffix(".json"), !name.hasPrefix(".") else { return nil }
      if let request = read(name) { return request }
      try Files.rename(folder / name, to: folder / ".\(name).unreadable")
      return nil
    }
  }

  /// Removes a request that was answered by an event.
  public func finish(_ request: ControlRequest) throws { try Files.remove(folder / request.id) }

  private func read(_ name: String) -> ControlRequest? {
    guard let text = try? Files.readText(folder / name, limit: 1 << 16),
      let json = try? JSON.parse(text), let word = json["request"]?.string
    else { return nil }
    let request: Request
    switch word {
    case "pause": request = .pause
    case "continue": request = .continue
    case "save": request = .save
    case "stop": request = .stop
    case "lr":
      guard let value = json["value"]?.double, value.isFinite, value >= 0 else { return nil }
      request = .learningRate(value)
    default: return nil
    }
    return ControlRequest(id: name, request: request, by: json["by"]?.string ?? "")
  }
}
